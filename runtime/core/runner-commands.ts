/**
 * Orders to a CI runner stand in what a job prints: whoever can have a line printed can give one. A space breaks them up: it is seen, it is
 * in every encoding, and no comparison passes over it, as .NET's do over characters of no width.
 */

/** What runners and terminals pass over between two characters: of no width, or a colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const NOTHING = /(?:\p{Default_Ignorable_Code_Point}|\p{Cf}|\u001b\[[\d;]*m)*/u.source;
/** GitHub's `::name …::`, at the beginning of a line. */
const COLONS = new RegExp(`^((?:\\s|${NOTHING.slice(3, -2)})*:)(?=${NOTHING}:)`, 'gmu');
/** `##[name …]` of GitHub and Azure DevOps, `##vso[…]` of the latter, `##teamcity[…]`: anywhere. */
const HASHES = new RegExp(`(#${NOTHING}#)(?=${NOTHING}(?:\\[|v${NOTHING}s${NOTHING}o|t${NOTHING}e${NOTHING}a${NOTHING}m))`, 'giu');
/** Folding of GitLab and Travis. */
const FOLDS = /\b(section|travis)_(?=(?:start|end|fold|time):)/gi;
/** Headings of Buildkite, at the beginning of a line, with a space behind them. */
const HEADINGS = /^(---|\+\+\+|~~~|\^\^\^)(?= )/gm;

/** The text without orders to a CI runner: readable as before, and none of them whole. */
export function withoutCommands(text: string): string {
  if (!/[#:_^~+-]/.test(text)) return text;
  return text.replace(COLONS, '$1 ').replace(HASHES, '$1 ').replace(FOLDS, '$1 _').replace(HEADINGS, ' $1');
}

const RUNNERS = [
  'CI',
  'GITHUB_ACTIONS',
  'TF_BUILD',
  'GITLAB_CI',
  'TEAMCITY_VERSION',
  'BUILDKITE',
  'TRAVIS',
  'JENKINS_URL',
  'CIRCLECI',
  'APPVEYOR',
  'BITBUCKET_BUILD_NUMBER',
  'CODEBUILD_BUILD_ID',
  'DRONE',
  'CONTINUOUS_INTEGRATION',
];

/** Whether a CI runner reads what is printed, by the variables that they set. */
export function isReadByRunner(env: Readonly<Record<string, string | undefined>>): boolean {
  return RUNNERS.some((name) => !['', '0', 'false', 'no'].includes((env[name] ?? '').toLowerCase()));
}
