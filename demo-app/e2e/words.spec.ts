import { Environment } from './environment';

describe('the page Words', () => {
  const environment = new Environment();

  it('runs the programs that it shows', async () => {
    const page = await environment.open('/words');
    const buttons = page.getByRole('button', { name: 'Run the TypeScript' });
    await buttons.nth(0).click();
    await page.getByText('first begins, first ends, second begins, second ends').waitFor();
    await buttons.nth(1).click();
    await page.getByText('ann takes tea').waitFor();

    expect(await page.locator('output').allInnerTexts()).toEqual([
      'first begins, first ends, second begins, second ends',
      'ann takes tea',
    ]);
  });
});
