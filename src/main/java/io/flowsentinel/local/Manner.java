package io.flowsentinel.local;

import java.util.Optional;

/**
 * What a session does beside running its job.
 *
 * @param quiet no progress, no summary, and no alerts of files
 * @param hushed no alerts at all, for who wants something else of the run
 * @param passing the feeds are gone soon after the run, so nobody is told where they are
 * @param hold where the job is not to end with its range but to be gone on from
 */
record Manner(boolean quiet, boolean hushed, boolean passing, Optional<Hold> hold) {

    static Manner usual(boolean quiet) {
        return new Manner(quiet, false, false, Optional.empty());
    }
}
