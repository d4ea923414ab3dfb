import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInputModule } from '@angular/material/input';
import { MatSlideToggleModule } from '@angular/material/slide-toggle';

import { Icon } from '../shared/icon';
import { EditingSession } from './editing-session';
import { SidePanel } from './side-panel';

@Component({
  selector: 'app-serialize-page',
  imports: [Icon, MatButtonModule, MatFormFieldModule, MatInputModule, MatSlideToggleModule, SidePanel],
  providers: [EditingSession],
  templateUrl: './serialize-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SerializePage {
  protected readonly session = inject(EditingSession);
}
