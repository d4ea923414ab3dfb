/** A bug that is planted in the library, to check that the explorer finds it. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** Code that the file contains exactly once, and its replacement. */
  readonly find: string;
  readonly replace: string;
  /** Part of the names of the worlds that show the bug. They are explored first, since all worlds would take long. */
  readonly shows?: string;
}

/** Bugs that other implementations had, or that this one could have. */
export const faults: readonly Fault[] = [
  {
    name: 'a trace lacks the cancellation of a waiter that unsubscribes',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: "this.settle(told, 'cancel', waiter);",
    replace: 'this.settle(told);',
  },
  {
    name: 'a trace lacks the waiters that cancelWaiters() cancels',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: "waiter.home.note?.('cancel', waiter);\n",
    replace: '',
  },
  {
    name: 'a trace lacks the grants of queued waiters',
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
    name: 'a new waiter overtakes the queue',
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
    name: 'a grant is lost if its waiter unsubscribes before the delivery',
    file: 'lib/internal/waiting/waiter.ts',
    find: "home.giveBack(this, told, 'cancel');",
    replace: 'void told;',
  },
  {
    name: 'a grant is lost if takeUntil has stopped its waiter',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;',
    replace: 'return subscriber.closed;',
  },
  {
    name: 'a grant to an unsubscribed waiter is not passed on',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'if (isGone(this.subscriber)) {\n      this.unsubscribe();\n      return;\n    }',
    replace: '',
  },
  {
    name: 'a cancelled waiter stays in the queue',
    file: 'lib/internal/primitives/stateful-subject.ts',
    find: 'this.queue.remove(waiter);\n',
    replace: '',
  },
  {
    name: 'the waiters behind a heavy head are not granted when it is cancelled',
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
    name: 'the state is published after the grants',
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
    shows: 'Lock: three waiters',
  },
  {
    name: 'deliveries are nested',
    file: 'lib/internal/delivery/wake-list.ts',
    find: 'if (delivering) {\n    return false;\n  }\n  delivering = true;',
    replace: 'delivering = true;',
  },
  {
    name: 'a callback that throws ends the delivery',
    file: 'lib/internal/delivery/wake-list.ts',
    find: '(errors ??= []).push(error);',
    replace: 'delivering = false;\n      throw error;',
  },
  {
    name: 'a lock can be released before its grant is delivered',
    file: 'lib/lock.ts',
    find: 'if (holder?.phase !== HELD) {',
    replace: 'if (holder === undefined) {',
  },
  {
    name: 'a closed lock forgets the waiters of its conditions',
    file: 'lib/lock.ts',
    find: 'return [this, ...(this.conditions ?? [])];',
    replace: 'return [this];',
  },
  {
    name: 'a granted unit of a bounded semaphore is counted as undelivered for ever',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.promised -= permit.demand.weight;',
    replace: 'void permit;',
  },
  {
    name: 'a permit releases units that release(n) has released already',
    file: 'lib/bounded-semaphore.ts',
    find: 'Math.min(permit.demand.weight, this.held())',
    replace: 'permit.demand.weight',
  },
  {
    name: 'a reader overtakes a queued writer',
    file: 'lib/read-write-lock.ts',
    find: 'return this.lock.waiting === 0 && this.isFree();',
    replace: 'return this.isFree();',
  },
  {
    name: 'neighbouring readers are granted one at a time',
    file: 'lib/read-write-lock.ts',
    find: 'return this.entranceOf(head).isFree();',
    replace: 'return this.entranceOf(head).isFree() && this.readers === 0;',
  },
  {
    name: 'a writer is granted beside readers',
    file: 'lib/read-write-lock.ts',
    find: 'return !this.lock.writing && this.lock.readers === 0;',
    replace: 'return !this.lock.writing;',
  },
  {
    name: 'a downgrade grants a writer in between',
    file: 'lib/read-write-lock.ts',
    find: "this.readers++;\n      this.settle(undefined, 'downgrade', permit);",
    replace: "this.settle(undefined, 'downgrade', permit);\n      this.readers++;",
  },
  {
    name: 'a downgrade does not grant the next readers',
    file: 'lib/read-write-lock.ts',
    find: "this.settle(undefined, 'downgrade', permit);",
    replace: "this.publish('downgrade', permit);",
  },
  {
    name: 'a downgraded permit is released as a writer',
    file: 'lib/read-write-lock.ts',
    find: 'permit.home = this.toRead;\n',
    replace: '',
  },
  {
    name: 'a cancelled writer leaves the readers behind it in the queue',
    file: 'lib/read-write-lock.ts',
    find: 'this.lock.cancel(claim, told);',
    replace: 'this.lock.queue.remove(claim);\n    this.lock.publish();\n    void told;',
  },
  {
    name: 'a waiter with a higher priority is enqueued behind the next lower one',
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
    name: 'the end of a lane is not updated when its last waiter is cancelled',
    file: 'lib/internal/queue/priority-queue.ts',
    find: 'lane.last = ahead;',
    replace: 'this.lanes.remove(lane);',
    shows: 'a heavy value among',
  },
  {
    name: 'a waiter with a priority waits behind a heavy one that does not fit',
    file: 'lib/semaphore.ts',
    find: '(head === undefined || priority > head.permit.demand.priority)',
    replace: 'head === undefined',
    shows: 'Semaphore(1): priorities',
  },
  {
    name: 'resize() grants no waiter',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.sendAway([this], unfit, ({ permit }) => this.tooMuch(permit.demand.weight));',
    replace:
      'if (unfit.length > 0) this.sendAway([this], unfit, ({ permit }) => this.tooMuch(permit.demand.weight)); else this.publish();',
  },
  {
    name: 'resize() does not fail the waiters above the bound',
    file: 'lib/bounded-semaphore.ts',
    find: 'this.weighed.drainAbove(bound)',
    replace: '[]',
  },
  {
    name: 'a pause fails the waiters',
    file: 'lib/bounded-semaphore.ts',
    find: 'bound === 0 ? [] : this.weighed.drainAbove(bound)',
    replace: 'this.queue.drain(({ permit }) => permit.demand.weight > bound)',
  },
  {
    name: 'a waiter that arrives during a pause fails',
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
    name: 'a trace counts waiters that have left the queue of a condition',
    file: 'lib/trace.ts',
    find: '!stood && (',
    replace: '(',
  },
  {
    name: 'set() wakes only one waiter',
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
    name: 'clear() keeps waiters that set() has woken',
    file: 'lib/internal/waiting/wait.ts',
    find: 'this.subscriber.next(this.answer ?? this.toPermit());',
    replace:
      'if ((this.home as { isSet?(): boolean }).isSet?.() === false) return;\n    this.subscriber.next(this.answer ?? this.toPermit());',
  },
  {
    name: 'an index is given on arrival, and again after a cancellation (gh-155233)',
    file: 'lib/barrier.ts',
    find: 'comeIn(this, wait);',
    replace: `const place = this.waiting;
    Object.defineProperty(wait, 'answer', { get: () => place, set: () => undefined });
    comeIn(this, wait);`,
    shows: 'Barrier',
  },
  {
    name: 'the last but one party of a round does not wait for the last',
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
    name: 'a notification is lost with a cancelled waiter',
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
    name: 'a lock is published as free before its holder is published as waiting',
    file: 'lib/condition.ts',
    find: "this.publish('park', wait);\n    this.lock.giveBack(wait);",
    replace: "this.lock.giveBack(wait);\n    this.publish('park', wait);",
  },
  {
    name: 'a notified waiter overtakes the queue of the lock',
    file: 'lib/condition.ts',
    find: 'this.lock.queue.push(wait);',
    replace: `const others = this.lock.queue.drain();
    this.lock.queue.push(wait);
    others.forEach((other) => this.lock.queue.push(other));`,
  },
  {
    name: 'the permit of a cancelled wait can be used again',
    file: 'lib/internal/waiting/claim.ts',
    find: 'spend(): Wakeable | undefined {\n    this.phase = SPENT;',
    replace: 'spend(): Wakeable | undefined {\n    this.phase = HELD;',
  },
  {
    name: 'a section continues although its permit is lost',
    file: 'lib/internal/tasks/section.ts',
    find: 'return this.inner === undefined || this.inner.closed\n',
    replace: 'return true\n',
  },
  {
    name: 'a section releases before its task is torn down',
    file: 'lib/internal/tasks/section.ts',
    find: 'this.endWatch();\n      this.inner?.unsubscribe();\n    } finally {',
    replace: 'if (!pinned) this.giveBack();\n      this.endWatch();\n      this.inner?.unsubscribe();\n    } finally {',
  },
  {
    name: 'a section releases during its teardown, if it is unsubscribed there',
    file: 'lib/internal/tasks/section.ts',
    find: 'this.pinned = true;\n    try {\n      this.endWatch();',
    replace: 'try {\n      this.endWatch();',
  },
  {
    name: 'the next waiter is woken before downstream is notified',
    file: 'lib/internal/tasks/section.ts',
    find: 'try {\n        this.tell(outcome);\n      } finally {\n        resume(held);\n      }',
    replace: 'resume(held);\n      this.tell(outcome);',
  },
  {
    name: 'a section starts for a closed subscriber',
    file: 'lib/internal/tasks/section.ts',
    find: 'if (!inner.closed) {\n        source.subscribe(inner);\n      }',
    replace: 'source.subscribe(inner);',
  },
  {
    name: 'until ends the task too',
    file: 'lib/internal/tasks/section.ts',
    find: 'try {\n      this.endWatch();\n    } finally {\n      this.startWork();\n    }',
    replace: 'this.startWork();',
  },
  {
    name: 'waiters for released keys are granted in the order of the keys',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'ready.sort((one, other) => one.arrival - other.arrival)',
    replace: 'ready.reverse()',
    shows: 'KeyedLock',
  },
  {
    name: 'a cancelled waiter for several keys stays in all queues but the first',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'for (const ticket of seat.tickets) {',
    replace: 'for (const ticket of seat.tickets.slice(0, 1)) {',
  },
  {
    name: 'a waiter cancelled in the middle of the queue of a key makes its head lack one key less',
    file: 'lib/internal/queue/key-queues.ts',
    find: '} else if (wasHead) {',
    replace: '} else {',
  },
  {
    name: 'a new waiter takes a free key that a queued waiter for two keys waits for',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'return keys.every((key) => !this.lines.has(key));',
    replace: 'return keys.every((key) => (this.lines.get(key)?.head?.seat.missing ?? 1) > 0);',
  },
  {
    name: 'one of the waiters that are cancelled together grants another one first',
    file: 'lib/keyed-lock.ts',
    find: '[...claims].reverse()',
    replace: 'claims',
  },
  {
    name: 'concatMapByKey keeps the first waiting value, not the latest',
    file: 'operators/concat-map-by-key.ts',
    find: 'if (index > this.index) {',
    replace: 'if (index < this.index) {',
  },
  {
    name: 'concatMapByKey replaces the value of a task that has started',
    file: 'operators/concat-map-by-key.ts',
    find: 'this.waiting?.delete(key);',
    replace: 'void key;',
  },
  {
    name: 'a throttle leaves its waiters in the queue',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'waiting.push(work);\n',
    replace: '',
  },
  {
    name: 'a throttle tears down its tasks before its source',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'leaving.unsubscribe();\n  }',
    replace: 'leaving.remove(this.source);\n    leaving.add(this.source);\n    leaving.unsubscribe();\n  }',
  },
  {
    name: 'withCondition notifies although it never held the lock',
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
    name: 'a gate drops its values if the event is cleared before they are emitted',
    file: 'operators/gate-by-event.ts',
    find: 'this.begun = false;\n      going.append(held);',
    replace: 'this.begun = false;',
  },
  {
    name: 'a gate stays in the queue of its event',
    file: 'operators/gate-by-event.ts',
    find: 'unsubscribeAll([this.source, this.waiting]);',
    replace: 'unsubscribeAll([this.source]);',
  },
  {
    name: 'exhaustMapLatest keeps the first waiting value, not the latest',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'if (this.latestOnly) {\n      this.kept.clear();\n    }',
    replace: 'if (this.latestOnly && this.kept.length > 0) {\n      return;\n    }',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'exhaustMapLatest starts the next task before the teardown of the last one',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.starting = true; // a value that its teardown emits is kept\n        try {\n          work.unsubscribe();\n        } finally {\n          this.starting = starting;\n          this.run();\n        }',
    replace: 'this.starting = starting;\n        this.work = undefined;\n        this.run();\n        work.unsubscribe();',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'concatMapByKey runs a later value in the context of the replaced one',
    file: 'operators/concat-map-by-key.ts',
    find: '      this.context = context;\n',
    replace: '',
    shows: 'concatMapByKey: the latest',
  },
  {
    name: 'a gate emits held values in the context of set()',
    file: 'operators/gate-by-event.ts',
    find: 'this.handOnKept(kept);',
    replace: 'this.handOn(kept.value);',
    shows: 'gateByEvent',
  },
  {
    name: 'exhaustMapLatest runs the waiting value in the context in which the last task ended',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.goOn(kept, this.begin);',
    replace: 'if (this.latestOnly) this.begin(kept.value); else this.goOn(kept, this.begin);',
    shows: 'exhaustMapLatest',
  },
  {
    name: 'meetAtBarrier handles a waiting value in the context of the one before',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.goOn(kept, this.begin);',
    replace: 'if (this.latestOnly) this.goOn(kept, this.begin); else this.begin(kept.value);',
    shows: 'meetAtBarrier',
  },
  {
    name: 'an ordered throttle emits a kept output in the context in which the oldest task ended',
    file: 'operators/throttle-by-semaphore.ts',
    find: 'this.handOnKept(kept);',
    replace: 'this.handOn(kept.value);',
    shows: 'in order',
  },
  {
    name: 'a grant runs in the context of the release',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'this.deliverIn(this.context);',
    replace: 'this.hold();',
  },
  {
    name: 'a failure runs in the context of cancelWaiters()',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'runIn(this.context, task, (broken) => {',
    replace: 'runIn(undefined, task, (broken) => {',
  },
  {
    name: 'exhaustMapLatest loses the waiting value when a synchronous task ends and its teardown throws',
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
    name: 'a stream emits the last failure, of a task that it was tearing down',
    file: 'lib/internal/streams/source-observer.ts',
    find: `const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;`,
    replace: 'return true;',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'the failure of a task is lost if another one fails during its teardown',
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
    name: 'a stream emits values that arrive during its teardown',
    file: 'lib/internal/streams/source-observer.ts',
    find: `if (!this.isOver) {
      this.subscriber.next(value);
    }`,
    replace: 'this.subscriber.next(value);',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a stream starts a task for a value that arrives during its teardown',
    file: 'lib/internal/streams/source-observer.ts',
    find: `if (!this.isOver) {
      this.take(value);
    }`,
    replace: 'this.take(value);',
    shows: 'throttleBySemaphore: two',
  },
  {
    name: 'a section starts although it timed out before the delivery of its grant',
    file: 'lib/internal/tasks/section.ts',
    find: 'protected giveUp(error: unknown): void {\n    if (this.isPending()) {',
    replace: 'protected giveUp(error: unknown): void {\n    if (this.phase === 1) {',
    shows: 'withLock',
  },
  {
    name: 'a gate holds more than its limit when the event is cleared during an emission',
    file: 'operators/gate-by-event.ts',
    find: '      held.append(going);\n      this.fit();',
    replace: '      held.append(going);',
    shows: 'gateByEvent: with room for one',
  },
  {
    name: 'a stream completes inside the callback of a value, and loses the value',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: `this.running++;
    const answer = this.ask(question);
    this.running--;
    return answer;`,
    replace: 'return this.ask(question);',
    shows: 'ByKey',
  },
  {
    name: 'a waiter waits for ever if the lock is closed during the capture of its context',
    file: 'lib/internal/waiting/entrance.ts',
    find: '    entrance.check(demand); // the capture is foreign code\n',
    replace: '',
    shows: 'while contexts are captured',
  },
  {
    name: 'an error of a capture is thrown into the source',
    file: 'lib/internal/streams/source-observer.ts',
    find: `this.ask(() => {
      queue.push(value);
    });`,
    replace: 'queue.push(value);',
    shows: 'while contexts are captured',
  },
  {
    name: 'a context that throws loses the grant of its waiter',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'if (this.isPending()) {\n          this.leave(',
    replace: 'if (this.home === undefined) {\n          this.leave(',
    shows: 'while contexts are restored',
  },
  {
    name: 'a waiter whose context throws does not receive its failure',
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
    name: 'a value is kept behind one that arrived during the capture of its context',
    file: 'lib/internal/streams/value-queue.ts',
    find: 'const link: Link<T> = { value, context: undefined, next: undefined };',
    replace: 'const link: Link<T> = { value, context: currentContext(), next: undefined };',
    shows: 'while contexts are captured',
  },
  {
    name: 'a kept value starts before its context is captured',
    file: 'lib/internal/streams/one-at-a-time.ts',
    find: 'this.starting = true; // the capture',
    replace: 'void this.starting; // the capture',
    shows: 'while contexts are captured',
  },
  {
    name: 'an ordered throttle emits an output before its context is captured',
    file: 'operators/throttle-by-semaphore.ts',
    find: '    this.flushing = true;\n    this.prepare(',
    replace: '    this.prepare(',
    shows: 'while contexts are captured',
  },
  {
    name: 'a gate emits a value before its context is captured',
    file: 'operators/gate-by-event.ts',
    find: '    this.flushing = true;\n    this.keep(',
    replace: '    this.keep(',
    shows: 'while contexts are captured',
  },
  {
    name: 'a waiter gets the context of a replaced value',
    file: 'lib/internal/waiting/waiter.ts',
    find: 'this.context ??= context;',
    replace: 'this.context = context;',
    shows: 'while contexts are captured',
  },
  {
    name: 'concatMapByKey replaces the value of a task whose context is being restored',
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
    name: 'an observer of a key does not receive the completion of a closed lock',
    file: 'lib/internal/primitives/key-state.ts',
    find: '!locks.tellEnd(subscriber)',
    replace: 'locks.lines.size >= 0',
    shows: 'KeyedLock: an observer',
  },
  {
    name: 'the state of a key is not published when a waiter for two keys is granted',
    file: 'lib/internal/queue/key-queues.ts',
    find: 'this.mark(key); // it waits no more, at those of its keys too that nobody has left',
    replace: 'void key;',
    shows: 'KeyedLock: an observer',
  },
  {
    name: 'downstream receives a failure before everything is torn down',
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
    name: 'a stream does not emit its failure',
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
    name: 'a stream completes with its source, although tasks run',
    file: 'lib/internal/streams/many-at-a-time.ts',
    find: 'if (this.exhausted && this.running === 0) {',
    replace: 'if (this.exhausted) {',
    shows: 'throttleBySemaphore: two',
  },
];
