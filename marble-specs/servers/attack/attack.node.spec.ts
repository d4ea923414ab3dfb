import { attack } from './attack.node.js';
import { complaints, type Tenure } from './referee.js';

describe('An attack on locks at a server', () => {
  for (const engine of ['redis', 'pg'] as const) {
    it(`finds never too many holders, no token that falls, no caller that hangs and nothing that is left: ${engine}`, async () => {
      const { grants, problems } = await attack(engine, 7, 12);
      expect(problems).toEqual([]);
      expect(grants).toBeGreaterThan(20);
    }, 120_000);
  }

  describe('has a referee, which', () => {
    const tenure = (toldAt: number, validAt: number, token: number, weight = 1): Tenure => ({
      askedAt: toldAt - 1,
      toldAt,
      validAt,
      token: String(token),
      weight,
    });

    it('accepts permits one after another, and as many as there are units', () => {
      expect(complaints([tenure(1, 3, 1), tenure(5, 7, 2), tenure(9, 10, 3)], 1, [])).toEqual([]);
      expect(complaints([tenure(1, 9, 1, 2), tenure(5, 7, 2)], 3, [])).toEqual([]);
    });

    it('finds two permits at a time', () => {
      expect(complaints([tenure(1, 6, 1), tenure(5, 7, 2)], 1, [])).toEqual(['2 of 1 units were held at 5: 1, 2']);
      expect(complaints([tenure(1, 9, 1, 2), tenure(5, 7, 2, 2)], 3, [])).toEqual(['4 of 3 units were held at 5: 1, 2']);
    });

    it('accepts two permits at a time, if the server has forgotten the first', () => {
      expect(complaints([tenure(1, 6, 1), tenure(5, 7, 2)], 1, [3])).toEqual([]);
      expect(complaints([tenure(1, 6, 1), tenure(5, 7, 2)], 1, [6])).toHaveSize(1);
    });

    it('finds a token that falls, also when the server has forgotten everything', () => {
      expect(complaints([tenure(1, 2, 5), tenure(5, 7, 5)], 1, [3])).toEqual(['token 5 was granted after 5']);
    });
  });
});
