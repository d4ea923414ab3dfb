/** A bug that is put into the library on purpose, to see whether the explorer finds it. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** Code that stands in the file exactly once, and what is put in its place. */
  readonly find: string;
  readonly replace: string;
  /** Part of the names of the worlds in which it shows: they are explored first, since in all of them it would take long. */
  readonly shows?: string;
}

/** Bugs that other implementations had, or that this one could have. */
export const faults: readonly Fault[] = [
  {
    name: 'a trace does not tell of one who leaves',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: "this.settle(told, 'cancel', waiter);",
    replace: 'this.settle(told);',
  },
  {
    name: 'a trace does not tell of those who are sent away',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: "waiter.home.note?.('cancel', waiter);\n",
    replace: '',
  },
  {
    name: 'a trace does not tell of those who are woken',
    file: 'lib/internal/waiting/promise.ts',
    find: "line.note('grant', head);",
    replace: '',
  },
  {
    name: 'a trace shows a lock free between a release and the grant that follows',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: 'const woken = this.admit();',
    replace: 'this.tracer?.committed(this.snapshot(this.latest));\n    const woken = this.admit();',
  },
  {
    name: 'one who comes overtakes those in line',
    file: 'lib/semaphore.ts',
    find: 'return weight <= this.free && (head === undefined || priority > head.permit.demand.priority);',
    replace: 'void [head, priority];\n    return weight <= this.free;',
  },
  {
    name: 'last come, first served',
    file: 'lib/internal/queue/wait-queue.ts',
    find: 'const { tail } = this;\n    waiter.ahead = tail;',
    replace:
      'const { tail, head } = this;\n    if (head !== undefined) {\n      waiter.behind = head;\n      head.ahead = this.head = waiter;\n      this.length++;\n      return;\n    }\n    waiter.ahead = tail;',
  },
  {
    name: 'what was promised to one who leaves is lost',
    file: 'lib/internal/waiting/waiter.ts',
    find: "home.giveBack(this, told, 'cancel');",
    replace: 'void told;',
  },
  {
    name: 'a grant to one whom takeUntil has stopped is lost',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;',
    replace: 'return subscriber.closed;',
  },
  {
    name: 'a grant to one who has gone is not passed on',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'if (isGone(this.subscriber)) {\n      this.unsubscribe();\n      return;\n    }',
    replace: '',
  },
  {
    name: 'one who is cancelled stays in line',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: 'this.queue.remove(waiter);\n',
    replace: '',
  },
  {
    name: 'a heavy head that leaves does not let those behind it go',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: "this.queue.remove(waiter);\n    this.settle(told, 'cancel', waiter);",
    replace: "this.queue.remove(waiter);\n    this.publish('cancel', waiter);\n    append(told);",
  },
  {
    name: 'a permit that is released twice frees the next holder',
    file: 'lib/internal/waiting/claim.ts',
    find: 'if (this.phase === HELD) {\n      this.phase = SPENT;',
    replace: 'if (this.phase === HELD || this.phase === SPENT) {\n      this.phase = SPENT;',
  },
  {
    name: 'the state is published after those who go',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: 'this.publish();\n    append(told);\n    append(woken);',
    replace: 'append(told);\n    append(woken);\n    this.publish();',
  },
  {
    name: 'the same state is published twice in a row',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: 'if (state !== latest) {',
    replace: 'if (state !== latest || true) {',
  },
  {
    name: 'a late observer misses the state under way',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: '(this.underWay > 0 || this.observed)',
    replace: 'this.observed',
    shows: 'Lock: some acquire it',
  },
  {
    name: 'deliveries are nested',
    file: 'lib/internal/delivery/wake-list.ts',
    find: 'if (delivering) {\n    return false;\n  }\n  delivering = true;',
    replace: 'delivering = true;',
  },
  {
    name: 'one who throws ends the delivery',
    file: 'lib/internal/delivery/wake-list.ts',
    find: '(errors ??= []).push(error);',
    replace: 'delivering = false;\n      throw error;',
  },
  {
    name: 'a lock that is promised can be released by others',
    file: 'lib/lock.ts',
    find: 'if (holder?.phase !== HELD) {',
    replace: 'if (holder === undefined) {',
  },
  {
    name: 'a closed lock forgets those who sleep in its conditions',
    file: 'lib/lock.ts',
    find: 'return [this, ...(this.conditions ?? [])];',
    replace: 'return [this];',
  },
  {
    name: 'a promised unit of a bounded semaphore is counted for ever',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.promised -= permit.demand.weight;',
    replace: 'void permit;',
  },
  {
    name: 'a permit gives back what release(n) has given back already',
    file: 'lib/bounded-semaphore.ts',
    find: 'Math.min(permit.demand.weight, this.held())',
    replace: 'permit.demand.weight',
  },
  {
    name: 'a reader overtakes a writer who waits',
    file: 'lib/read-write-lock.ts',
    find: 'return this.lock.waiting === 0 && this.isFree();',
    replace: 'return this.isFree();',
  },
  {
    name: 'neighboring readers go in one at a time',
    file: 'lib/read-write-lock.ts',
    find: 'return this.entranceOf(head).isFree();',
    replace: 'return this.entranceOf(head).isFree() && this.readers === 0;',
  },
  {
    name: 'a writer is let in beside readers',
    file: 'lib/read-write-lock.ts',
    find: 'return !this.lock.writing && this.lock.readers === 0;',
    replace: 'return !this.lock.writing;',
  },
  {
    name: 'a downgrade lets a writer in between',
    file: 'lib/read-write-lock.ts',
    find: "this.readers++;\n      this.settle(undefined, 'downgrade', permit);",
    replace: "this.settle(undefined, 'downgrade', permit);\n      this.readers++;",
  },
  {
    name: 'a downgrade leaves the readers in line who could go in with it',
    file: 'lib/read-write-lock.ts',
    find: "this.settle(undefined, 'downgrade', permit);",
    replace: "this.publish('downgrade', permit);",
  },
  {
    name: 'a permit that was downgraded is given back as a writer',
    file: 'lib/read-write-lock.ts',
    find: 'permit.home = this.toRead;\n',
    replace: '',
  },
  {
    name: 'a writer that leaves the line leaves the readers behind it parked',
    file: 'lib/read-write-lock.ts',
    find: 'this.lock.cancel(claim, told);',
    replace: 'this.lock.queue.remove(claim);\n    this.lock.publish();\n    void told;',
  },
  {
    name: 'one with a higher priority stands behind the others of the next lower one',
    file: 'lib/internal/queue/priority-queue.ts',
    find: 'this.lanes.above(priority)?.last',
    replace: 'this.lanes.above(priority - 2)?.last',
  },
  {
    name: 'last come, first served within a priority',
    file: 'lib/internal/queue/priority-queue.ts',
    find: 'this.follow(waiter, lane.last);\n      lane.last = waiter;',
    replace: 'this.follow(waiter, lane.last.ahead as W | undefined);',
  },
  {
    name: 'the end of a lane is not remembered when its last one leaves',
    file: 'lib/internal/queue/priority-queue.ts',
    find: 'lane.last = ahead;',
    replace: 'this.lanes.remove(lane);',
    shows: 'a heavy value among',
  },
  {
    name: 'one with a priority waits behind a heavy one that does not fit, as if it had none',
    file: 'lib/semaphore.ts',
    find: '(head === undefined || priority > head.permit.demand.priority)',
    replace: 'head === undefined',
    shows: 'some go before others',
  },
  {
    name: 'resize() wakes nobody',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.sendAway([this], unfit, ({ permit }) => this.tooMuch(permit.demand.weight));',
    replace:
      'if (unfit.length > 0) this.sendAway([this], unfit, ({ permit }) => this.tooMuch(permit.demand.weight)); else this.publish();',
  },
  {
    name: 'resize() lets nobody go who waits for more than there is',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.weighed.drainAbove(bound)',
    replace: '[]',
  },
  {
    name: 'a pause fails those who wait',
    file: 'lib/bounded-semaphore.ts',
    find: 'bound === 0 ? [] : this.weighed.drainAbove(bound)',
    replace: 'this.queue.drain(({ permit }) => permit.demand.weight > bound)',
  },
  {
    name: 'one that comes during a pause fails',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.most > 0 && demand.weight > this.most',
    replace: 'demand.weight > this.most',
  },
  {
    name: 'resize() forgets the second of two waiters that want the same number of units',
    file: 'lib/internal/queue/weighed-queue.ts',
    find: 'same.waiting++;',
    replace: '',
    shows: 'BoundedSemaphore',
  },
  {
    name: 'a trace counts waiters that have left',
    file: 'lib/internal/delivery/positions.ts',
    find: 'line?.remove(waiter.permit.demand.priority)',
    replace: 'line === undefined',
  },
  {
    name: 'a trace tells of a place in the queue of a condition that a waiter has left',
    file: 'lib/trace.ts',
    find: '!stood && (',
    replace: '(',
  },
  {
    name: 'set() wakes one alone',
    file: 'lib/event.ts',
    find: 'return promiseHeads(this);',
    replace: `const { head } = this.queue;
    if (!this.flag || head === undefined) return undefined;
    this.queue.remove(head);
    head.phase = 2;
    this.take(head);
    return head;`,
  },
  {
    name: 'clear() holds those back who were woken by set()',
    file: 'lib/internal/waiting/wait.ts',
    find: 'this.subscriber.next(this.answer ?? this.toPermit());',
    replace:
      'if ((this.home as { isSet?(): boolean }).isSet?.() === false) return;\n    this.subscriber.next(this.answer ?? this.toPermit());',
  },
  {
    name: 'a place is given on arrival, and once more when somebody has left (gh-155233)',
    file: 'lib/barrier.ts',
    find: 'comeIn(this, wait);',
    replace: `const place = this.waiting;
    Object.defineProperty(wait, 'answer', { get: () => place, set: () => undefined });
    comeIn(this, wait);`,
    shows: 'Barrier',
  },
  {
    name: 'the last but one of a round does not wait for the last',
    file: 'lib/barrier.ts',
    find: 'return this.parties === 1;',
    replace: 'return this.parties === 1 || (this.waiting > 0 && this.waiting === this.parties - 2);',
  },
  {
    name: 'a barrier that is reset stays broken',
    file: 'lib/barrier.ts',
    find: "this.isBroken = step === 'abort';",
    replace: "this.isBroken ||= step === 'abort';",
  },
  {
    name: 'a notification is lost with one who leaves',
    file: 'lib/internal/waiting/condition-wait.ts',
    find: 'super.withdraw();\n    this.passOn();',
    replace: 'super.withdraw();',
  },
  {
    name: 'a notification is passed on after it was used',
    file: 'lib/internal/waiting/condition-wait.ts',
    find: 'this.notified = false;\n    permit.phase',
    replace: 'permit.phase',
  },
  {
    name: 'a lock is seen free before its holder is seen asleep',
    file: 'lib/condition.ts',
    find: "this.publish('park', wait);\n    this.lock.giveBack(wait);",
    replace: "this.lock.giveBack(wait);\n    this.publish('park', wait);",
  },
  {
    name: 'who is notified goes before those who wait for the lock',
    file: 'lib/condition.ts',
    find: 'this.lock.queue.push(wait);',
    replace: `const others = this.lock.queue.drain();
    this.lock.queue.push(wait);
    others.forEach((other) => this.lock.queue.push(other));`,
  },
  {
    name: 'the permit of a wait that was given up can be used again',
    file: 'lib/internal/waiting/claim.ts',
    find: 'spend(): Wakeable | undefined {\n    this.phase = SPENT;',
    replace: 'spend(): Wakeable | undefined {\n    this.phase = HELD;',
  },
  {
    name: 'a section goes on though its permit is lost',
    file: 'lib/internal/tasks/section.ts',
    find: 'return this.inner === undefined || this.inner.closed\n',
    replace: 'return true\n',
  },
  {
    name: 'a section releases before its work is torn down',
    file: 'lib/internal/tasks/section.ts',
    find: 'this.endWatch();\n      this.inner?.unsubscribe();\n    } finally {',
    replace: 'if (!pinned) this.giveBack();\n      this.endWatch();\n      this.inner?.unsubscribe();\n    } finally {',
  },
  {
    name: 'a section releases in the middle of its teardown, if everyone leaves then',
    file: 'lib/internal/tasks/section.ts',
    find: 'this.pinned = true;\n    try {\n      this.endWatch();',
    replace: 'try {\n      this.endWatch();',
  },
  {
    name: 'the next one is woken before downstream is told',
    file: 'lib/internal/tasks/section.ts',
    find: 'try {\n        this.tell(outcome);\n      } finally {\n        resume(held);\n      }',
    replace: 'resume(held);\n      this.tell(outcome);',
  },
  {
    name: 'a section that nobody listens to any more is started',
    file: 'lib/internal/tasks/section.ts',
    find: 'if (!inner.closed) {\n        source.subscribe(inner);\n      }',
    replace: 'source.subscribe(inner);',
  },
  {
    name: 'until ends the work too',
    file: 'lib/internal/tasks/section.ts',
    find: 'try {\n      this.endWatch();\n    } finally {\n      this.startWork();\n    }',
    replace: 'this.startWork();',
  },
  {
    name: 'those who go when several keys are released go in the order of the keys',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'ready.sort((one, other) => one.arrival - other.arrival)',
    replace: 'ready.reverse()',
    shows: 'KeyedLock',
  },
  {
    name: 'one who wants several keys and leaves stays in the line of all but the first',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'for (const ticket of seat.tickets) {',
    replace: 'for (const ticket of seat.tickets.slice(0, 1)) {',
  },
  {
    name: 'one who leaves the middle of the line of a key lets its head miss one key less',
    file: 'lib/internal/queue/key-queues.ts',
    find: '} else if (wasHead) {',
    replace: '} else {',
  },
  {
    name: 'one who comes takes a key that nobody has, for which somebody waits who wants another one too',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'return keys.every((key) => !this.lines.has(key));',
    replace: 'return keys.every((key) => (this.lines.get(key)?.head?.seat.missing ?? 1) > 0);',
  },
  {
    name: 'of those who are sent away together, one lets another go first',
    file: 'lib/keyed-lock.ts',
    find: '[...claims].reverse()',
    replace: 'claims',
  },
  {
    name: 'concatMapByKey keeps the first value that waits, not the latest',
    file: 'operators/concat-map-by-key.ts',
    find: 'if (index > this.index) {',
    replace: 'if (index < this.index) {',
  },
  {
    name: 'concatMapByKey replaces the value of a work that has begun',
    file: 'operators/concat-map-by-key.ts',
    find: 'this.waiting?.delete(key);',
    replace: 'void key;',
  },
  {
    name: 'a throttle leaves its places in line behind',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'waiting.push(work);\n',
    replace: '',
  },
  {
    name: 'a throttle lets go of its works before its source',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'leaving.unsubscribe();\n  }',
    replace: 'leaving.remove(this.source);\n    leaving.add(this.source);\n    leaving.unsubscribe();\n  }',
  },
  {
    name: 'withCondition notifies though it leaves without having been in',
    file: 'operators/with-condition.ts',
    find: "if (this.phase === HELD && notify !== 'none') {",
    replace: "if (notify !== 'none') {",
  },
  {
    name: 'a gate lets a value overtake those that it holds',
    file: 'operators/gate-by-event.ts',
    find: '} else if (this.going.length === 0 && !this.flushing) {',
    replace: '} else if (!this.flushing) {',
  },
  {
    name: 'a gate forgets what it held when it is closed again before it could let go',
    file: 'operators/gate-by-event.ts',
    find: 'this.begun = false;\n      going.append(held);',
    replace: 'this.begun = false;',
  },
  {
    name: 'a gate stays in the line of its event',
    file: 'operators/gate-by-event.ts',
    find: 'unsubscribeAll([this.source, this.waiting]);',
    replace: 'unsubscribeAll([this.source]);',
  },
  {
    name: 'exhaustMapLatest keeps the first value that came meanwhile, not the last',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'if (this.latestOnly) {\n      this.kept.clear();\n    }',
    replace: 'if (this.latestOnly && this.kept.length > 0) {\n      return;\n    }',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'exhaustMapLatest starts the next work before the one before is torn down',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.starting = true; // a value that its teardown emits is kept\n        try {\n          work.unsubscribe();\n        } finally {\n          this.starting = starting;\n          this.run();\n        }',
    replace: 'this.starting = starting;\n        this.work = undefined;\n        this.run();\n        work.unsubscribe();',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'concatMapByKey runs a later value in the context of the one that it replaces',
    file: 'operators/concat-map-by-key.ts',
    find: '      this.context = context;\n',
    replace: '',
    shows: 'concatMapByKey: the latest',
  },
  {
    name: 'a gate hands on what it held in the context of who sets the event',
    file: 'operators/gate-by-event.ts',
    find: 'this.handOnKept(kept);',
    replace: 'this.handOn(kept.value);',
    shows: 'gateByEvent',
  },
  {
    name: 'exhaustMapLatest runs the kept value in the context of who ended the work before',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.goOn(kept, this.begin);',
    replace: 'if (this.latestOnly) this.begin(kept.value); else this.goOn(kept, this.begin);',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'meetAtBarrier lets a kept value arrive in the context of the one before',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.goOn(kept, this.begin);',
    replace: 'if (this.latestOnly) this.goOn(kept, this.begin); else this.begin(kept.value);',
    shows: 'meetAtBarrier',
  },
  {
    name: 'an ordered throttle hands on what it kept in the context of who ended the oldest work',
    file: 'operators/throttle-by-semaphore.ts',
    find: 'this.handOnKept(kept);',
    replace: 'this.handOn(kept.value);',
    shows: 'in order',
  },
  {
    name: 'a waiter goes in in the context of who lets it in',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'this.deliverIn(this.context);',
    replace: 'this.hold();',
  },
  {
    name: 'a waiter hears that it waited in vain in the context of who sends it away',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'runIn(this.context, task, (broken) => {',
    replace: 'runIn(undefined, task, (broken) => {',
  },
  {
    name: 'exhaustMapLatest loses what it kept when a work ends at once and its teardown throws',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: `    stepByStep(
      () => {
        const kept`,
    replace: `    ((step: () => boolean, done: () => void) => {
      try {
        while (step());
      } finally {
        this.starting = false;
      }
      done();
    })(
      () => {
        const kept`,
    shows: 'exhaustMapLatest',
  },
  {
    name: 'a stream tells of the last failure, and of what it was letting go of',
    file: 'lib/internal/streams/source-observer.ts',
    find: `const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;`,
    replace: 'return true;',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a work that fails is forgotten where another one fails in its teardown',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: `  protected override failing(): void {
    this.isFirstToFail ||= this.works.fails();
  }

  protected override tell({ failed, error }: Ending): void {
    if (!failed) {
      this.works.left(this);
    } else if (this.isFirstToFail) {
      this.works.failWith(error);
    }`,
    replace: `  protected override tell({ failed, error }: Ending): void {
    if (failed) {
      this.works.error(error);
    } else {
      this.works.left(this);
    }`,
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a stream hands on what comes while it is torn down',
    file: 'lib/internal/streams/source-observer.ts',
    find: `if (!this.isOver) {
      this.subscriber.next(value);
    }`,
    replace: 'this.subscriber.next(value);',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a stream begins with a value that comes while it is torn down',
    file: 'lib/internal/streams/source-observer.ts',
    find: `if (!this.isOver) {
      this.take(value);
    }`,
    replace: 'this.take(value);',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a section begins though its time was up before it was told',
    file: 'lib/internal/tasks/section.ts',
    find: 'protected giveUp(error: unknown): void {\n    if (this.isPending()) {',
    replace: 'protected giveUp(error: unknown): void {\n    if (this.phase === 1) {',
    shows: 'withLock',
  },
  {
    name: 'a gate holds more than its limit when it is closed while it hands on',
    file: 'operators/gate-by-event.ts',
    find: '      held.append(going);\n      this.fit();',
    replace: '      held.append(going);',
    shows: 'gateByEvent: with room for one',
  },
  {
    name: 'a stream completes while it asks what a value wants, and loses it',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: `this.running++;
    const answer = this.ask(question);
    this.running--;
    return answer;`,
    replace: 'return this.ask(question);',
    shows: 'ByKey',
  },
  {
    name: 'one whose context is captured while the lock is closed waits for ever',
    file: 'lib/internal/waiting/entrance.ts',
    find: '    entrance.check(demand); // the capture is foreign code\n',
    replace: '',
    shows: 'while contexts are captured',
  },
  {
    name: 'a capture that throws is thrown at whoever emits',
    file: 'lib/internal/streams/source-observer.ts',
    find: `this.ask(() => {
      queue.push(value);
    });`,
    replace: 'queue.push(value);',
    shows: 'while contexts are captured',
  },
  {
    name: 'a context that is broken loses what its waiter was promised',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'if (this.isPending()) {\n          this.leave(',
    replace: 'if (this.home === undefined) {\n          this.leave(',
    shows: 'while contexts are restored',
  },
  {
    name: 'one whose context is broken does not hear that it waited in vain',
    file: 'lib/internal/waiting/waiter.ts',
    find: `try {
        task();
      } finally {
        report(broken);
      }`,
    replace: 'report(broken);',
    shows: 'while contexts are restored',
  },
  {
    name: 'a value is kept behind one that came while its context was captured',
    file: 'lib/internal/streams/value-queue.ts',
    find: 'const link: Link<T> = { value, context: undefined, next: undefined };',
    replace: 'const link: Link<T> = { value, context: currentContext(), next: undefined };',
    shows: 'while contexts are captured',
  },
  {
    name: 'a kept value begins before its context is captured',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.starting = true; // the capture',
    replace: 'void this.starting; // the capture',
    shows: 'while contexts are captured',
  },
  {
    name: 'an ordered throttle hands on an output before its context is captured',
    file: 'operators/throttle-by-semaphore.ts',
    find: '    this.flushing = true;\n    this.prepare(',
    replace: '    this.prepare(',
    shows: 'while contexts are captured',
  },
  {
    name: 'a gate hands on a value before its context is captured',
    file: 'operators/gate-by-event.ts',
    find: '    this.flushing = true;\n    this.keep(',
    replace: '    this.keep(',
    shows: 'while contexts are captured',
  },
  {
    name: 'a waiter gets the context of a value that another one has replaced',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'this.context ??= context;',
    replace: 'this.context = context;',
    shows: 'while contexts are captured',
  },
  {
    name: 'concatMapByKey replaces the value of a work whose context is being restored',
    file: 'operators/concat-map-by-key.ts',
    find: `  override deliver(): void {
    this.works.begins(this);
    super.deliver();
  }`,
    replace: `  protected override begin(): ObservableInput<R> {
    this.works.begins(this);
    return super.begin();
  }`,
    shows: 'while contexts are restored',
  },
  {
    name: 'one who observes a key of a closed lock does not hear that it is closed',
    file: 'lib/internal/primitives/key-state.ts',
    find: '!locks.tellEnd(subscriber)',
    replace: 'locks.lines.size >= 0',
    shows: 'KeyedLock: who observes',
  },
  {
    name: 'the state of a key is not told when one who waits for two keys has both',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'this.mark(key); // it waits no more, at those of its keys too that nobody has left',
    replace: 'void key;',
    shows: 'KeyedLock: who observes',
  },
  {
    name: 'downstream hears of a failure before everything is let go of',
    file: 'lib/internal/streams/source-observer.ts',
    find: `    try {
      this.letGo();
    } finally {
      try {
        this.subscriber.error(error);
      } finally {
        resume(held);
      }
    }`,
    replace: `    this.subscriber.error(error);
    this.letGo();
    resume(held);`,
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a stream keeps its failure to itself',
    file: 'lib/internal/streams/source-observer.ts',
    find: 'if (this.fails()) {\n      this.failWith(error);\n    }',
    replace: 'this.fails();',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'exhaustMapLatest never completes',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'if (this.exhausted && this.isIdle()) {',
    replace: 'if (this.isOver) {',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'a stream completes with its source, though works run',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'if (this.exhausted && this.running === 0) {',
    replace: 'if (this.exhausted) {',
    shows: 'throttleBySemaphore: two',
  },
];
