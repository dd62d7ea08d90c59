// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as apiInvalid } from './api-invalid';
import { check as bumpTooLarge } from './bump-too-large';
import { check as bumpTooSmall } from './bump-too-small';
import { check as channelUnknown } from './channel-unknown';
import { check as channelWithoutRelease } from './channel-without-release';
import { check as deprecationWithoutReplacement } from './deprecation-without-replacement';
import { check as downgradeTooFar } from './downgrade-too-far';
import { check as expandAndContractInOneRelease } from './expand-and-contract-in-one-release';
import { check as featureDefaultFlipped } from './feature-default-flipped';
import { check as featureNeedUnmet } from './feature-need-unmet';
import { check as featureRemovedEarly } from './feature-removed-early';
import { check as featureRemovedWithoutDeprecation } from './feature-removed-without-deprecation';
import { check as featureStageBackwards } from './feature-stage-backwards';
import { check as featureUsedBeforeIntroduction } from './feature-used-before-introduction';
import { check as formatUnreadable } from './format-unreadable';
import { check as manifestSyntax } from './manifest-syntax';
import { check as queriesMissing } from './queries-missing';
import { check as queryUnusable } from './query-unusable';
import { check as releaseFromUnmatched } from './release-from-unmatched';
import { check as releaseStranded } from './release-stranded';
import { check as releaseUnreachable } from './release-unreachable';
import { check as releaseVersionDuplicate } from './release-version-duplicate';
import { check as releaseVersionInvalid } from './release-version-invalid';
import { check as releaseVersionOrder } from './release-version-order';
import { check as requirementBeyondMinimum } from './requirement-beyond-minimum';
import { check as requirementInvalid } from './requirement-invalid';
import { check as requirementNarrowed } from './requirement-narrowed';
import { check as riskIncomplete } from './risk-incomplete';
import { check as riskUnmatched } from './risk-unmatched';
import { check as rollbackPathMissing } from './rollback-path-missing';
import { check as stopPassedOver } from './stop-passed-over';
import { check as stopUnknown } from './stop-unknown';
import { check as systemRequirementUnmet } from './system-requirement-unmet';
import { check as yankedReleaseOffered } from './yanked-release-offered';

export const room: CheckRoom<unknown> = {
  group: 'manifest',
  checks: [
    apiInvalid,
    bumpTooLarge,
    bumpTooSmall,
    channelUnknown,
    channelWithoutRelease,
    deprecationWithoutReplacement,
    downgradeTooFar,
    expandAndContractInOneRelease,
    featureDefaultFlipped,
    featureNeedUnmet,
    featureRemovedEarly,
    featureRemovedWithoutDeprecation,
    featureStageBackwards,
    featureUsedBeforeIntroduction,
    formatUnreadable,
    manifestSyntax,
    queriesMissing,
    queryUnusable,
    releaseFromUnmatched,
    releaseStranded,
    releaseUnreachable,
    releaseVersionDuplicate,
    releaseVersionInvalid,
    releaseVersionOrder,
    requirementBeyondMinimum,
    requirementInvalid,
    requirementNarrowed,
    riskIncomplete,
    riskUnmatched,
    rollbackPathMissing,
    stopPassedOver,
    stopUnknown,
    systemRequirementUnmet,
    yankedReleaseOffered,
  ],
};
