/**
 * Connections, records and coverage lines in, alerts out: the operators, and what they run rules with.
 *
 * <pre>
 * connections, records, coverage ─ routers ─ tallies ═ panes of a subject ─ detectors ─ episodes ═ muting ─ alerts
 *                                  Tally…    (exchange)      DetectFindings                        SettleFindings
 * </pre>
 *
 * <p>What rules are set to is read in {@code settings}, the words they share with what runs them are in {@code judging}, the
 * rules themselves are in {@code rule}. Each of these packages knows those before it, and this one knows all three.
 *
 * <p>Design notes. A {@code Family} is one or a few rules that judge the same {@code Subject}: whose behaviour it is. Its
 * router says what an element means ({@code Marks}): in which {@code Cell} it counts once, or what else is known of the
 * cell. What is said is packed as it comes, after a short wait for more of the same where panes are of an hour ({@code
 * RecentMarks}), and sorted before it crosses the exchange, so that what is about one pane of a
 * subject goes together ({@code PartialBlock}); of a subject with many marks it is added up until the pane is judged, so a
 * flood is one {@link Partial} a pane. There a {@code Watch} keeps it by pane; a pane is judged once, in event time, with
 * exactly what was certain by then, so neither arrival order nor the size of watermark steps nor how much was added up
 * before can be seen in an alert. Detectors only say where their condition holds ({@code Sighting}); {@code Docket} and
 * {@code Episode} turn that into Create, Update and Close. Last, findings of different rules about the same are held
 * against each other.
 *
 * <p>There are millions of subjects, and nearly none of them ever comes near a threshold, so most of the design is about
 * what such a one costs: state is kept by bucket and told apart by subject, with one timer a moment ({@link
 * io.flowsentinel.detect.DetectFindings}). What is counted of families with very many subjects stays in the blocks it came
 * in ({@code Backlog}), and a number for each subject says how much there is; only where that is enough for a rule has the
 * subject state of its own. There a {@code Page} of little stays in the bytes it came in until it is judged, and what comes
 * later is put behind them; a small one stands in the {@code Agenda}; and a subject that cannot speak is not looked at but
 * to be forgotten.
 *
 * <p>Rules that learn have a {@code Memory}: what no window reaches any more is shown to them once, and they keep numbers
 * by name. What a subject with state of its own keeps is bounded, what rests only by what comes in one window. What falls
 * out follows from an order of its own ({@code Cell.ORDER}), never from who came last, and each bound that is hit is counted
 * as a metric ({@code paneOverflows}, {@code momentOverflows}, {@code sightingsRefused}, {@code thingsForgotten}, {@code
 * numbersCapped}).
 *
 * <p>What half of the estate does is known to no single subject. One family ({@code HostContacts}) finds nothing, but tells
 * of a sample of hosts which responders are prevalent; that meets the beacons of its moment where findings are settled.
 *
 * <p>A log without flags is judged by ports and packets where that makes sense ({@code ClosedConnection.flagless}); what
 * rests on such a guess says so and has a lower confidence.
 *
 * <p>Rules may change while the job runs. {@code WatchRules}, of which there is one, sends a change with the event time it
 * has come to; what is decided up to then is decided by the former rules, what is decided later by the new ones, in every
 * operator ({@code RulesInForce}), so it makes no difference who hears of it first.
 *
 * <p>A rule that is switched off says nothing, not even about findings it left open: they are forgotten, without a Close,
 * when their subject is next judged. Its family's operator state is taken up all the same.
 *
 * <p>The serializers of what is kept are here, whatever package the type is in: a savepoint names their {@code Snapshot}
 * classes, so these can never move.
 *
 * <p>Where a rule departs from the catalogue, its class says so. The one that concerns several: in the catalogue {@code
 * mixed-scan} counts every failed (responder, port), here those that no live {@code port-scan} or {@code host-sweep} of
 * the same window accounts for. Taken by the letter, a plain scan of 250 ports of one host would be two findings.
 */
package io.flowsentinel.detect;
