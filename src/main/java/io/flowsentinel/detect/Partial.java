package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Place;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;

/**
 * What one subtask has counted for a subject since it last sent: what crosses the key exchange.
 *
 * @param subject whose behaviour
 * @param place what was counted
 * @param tally how much; adds up with that of other subtasks
 */
public record Partial(Subject subject, Place place, Tally tally) {}
