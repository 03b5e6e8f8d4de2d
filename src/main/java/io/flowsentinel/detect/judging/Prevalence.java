package io.flowsentinel.detect.judging;

import java.util.Map;

/**
 * The public responders that half and more of the internal hosts talk to, at one moment: what so many do is an agent, an
 * update or a service of the house, not one host's secret.
 *
 * @param timeMillis epoch milliseconds of the end of the pane it is true at
 * @param percents how many of a hundred hosts talk to each responder, by its address; 50 to 100
 */
public record Prevalence(long timeMillis, Map<String, Long> percents) {}
