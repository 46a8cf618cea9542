/** Words of souls that screens use, in the order of the core's tables (checked against them in test/). */
export const TRAIT_WORDS = [
  'courage', 'greed', 'empathy', 'curiosity', 'loyalty', 'patience', 'humour', 'faith in strangers',
  'aggression', 'honesty', 'diligence', 'thrift', 'sociability', 'resilience', 'order', 'wanderlust',
] as const;
export const FEELING_WORDS = ['pain', 'fear', 'hunger', 'loneliness', 'grief', 'anger', 'joy', 'boredom'] as const;
/** One colour per feeling; joy is the only warm light one, so that it is found at once. */
export const FEELING_COLOURS = ['#ff7a66', '#c7a6ff', '#c9b48a', '#6fb7ff', '#8fa3b8', '#ff4f6d', '#ffd764', '#5fc9b0'] as const;

/** How a relation is called: affection and trust are −1000…1000. */
export function relationWord(affection: number, trust: number): string {
  if (affection >= 700) return 'loves';
  if (affection >= 350) return 'is fond of';
  if (affection >= 120) return 'likes';
  if (affection <= -600) return 'hates';
  if (affection <= -250) return 'resents';
  if (affection <= -80) return 'dislikes';
  return trust >= 250 ? 'trusts' : trust <= -250 ? 'mistrusts' : 'knows';
}

/** The strongest feeling as people would say it; `calm` if there is none to speak of. */
export function moodWord(feelings: readonly number[]): string {
  let best = -1;
  feelings.forEach((v, i) => { if (v >= 180 && (best < 0 || v > feelings[best]!)) best = i; });
  if (best < 0) return 'calm';
  const much = feelings[best]! >= 650;
  const words: readonly (readonly [string, string])[] = [
    ['hurt', 'in pain'], ['uneasy', 'afraid'], ['short of money', 'starving'], ['lonely', 'very lonely'],
    ['sad', 'grieving'], ['cross', 'furious'], ['glad', 'overjoyed'], ['bored', 'bored to death'],
  ];
  const w = words[best];
  return w ? w[much ? 1 : 0] : 'calm';
}
