/** The time now. Whoever needs it is handed this, so that a test can hand over another. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
