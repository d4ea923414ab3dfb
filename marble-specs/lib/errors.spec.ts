import {
  BusyError,
  CancelledError,
  ClosedError,
  LockLostError,
  LocksError,
  NotAcquiredError,
  OverReleaseError,
  QueueFullError,
  ReadOnlyStateError,
  UnavailableError,
} from 'rxjs-locks';

describe('The errors', () => {
  const classes = {
    BusyError,
    CancelledError,
    ClosedError,
    LockLostError,
    NotAcquiredError,
    OverReleaseError,
    QueueFullError,
    ReadOnlyStateError,
    UnavailableError,
  };

  for (const [name, ErrorClass] of Object.entries(classes)) {
    it(`include ${name}, with its name, its message and the common base`, () => {
      const error = new ErrorClass('why');
      expect(error).toBeInstanceOf(Error);
      expect(error).toBeInstanceOf(LocksError);
      expect(error.name as string).toBe(name);
      expect(error.message).toBe('why');
      expect(Object.values(classes).filter((each) => error instanceof each)).toEqual([ErrorClass]);
    });
  }

  it('keep the cause of a lost permit, and of a service that is not available', () => {
    const cause = new RangeError('connection closed');
    expect(new LockLostError('why', { cause }).cause).toBe(cause);
    expect(new UnavailableError('why', { cause }).cause).toBe(cause);
    expect(new LockLostError().message).toBe('');
  });

  it('include OverReleaseError, which is a RangeError', () => {
    expect(new OverReleaseError('why')).toBeInstanceOf(RangeError);
  });

  it('have a base that other errors do not have', () => {
    expect(new RangeError('why')).not.toBeInstanceOf(LocksError);
    expect(undefined).not.toBeInstanceOf(LocksError);
  });
});
