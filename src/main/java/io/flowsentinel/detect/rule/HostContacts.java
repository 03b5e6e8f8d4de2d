package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.model.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which public responders the internal hosts talk to, for {@link Prevalence}. Who judges one host's beacon cannot know what
 * the others do, so here one subject stands for the whole estate; what is prevalent then meets the beacons of the same
 * moment where findings are settled.
 *
 * <p>A sample of hosts does: those {@link #HOSTS} with the smallest mixed addresses, which says half or not within some six
 * in a hundred, and exactly for an estate that has no more. A host that is in the sample of the whole window is in that of
 * each of its panes, and in that of each part of a pane, so everybody may leave out the others as soon as there are enough
 * smaller ones: few things cross the exchange, and what is left depends neither on order nor on who counted what.
 */
final class HostContacts implements ConnectionRouter {

    /** How many hosts are looked at. */
    static final int HOSTS = 64;

    static final Family FAMILY = Family.ofHours(28)
            .court(Beacon.ID, (rules, judges) -> new PrevalenceCourt(rules.rule(Beacon.ID)))
            .connections(rules -> new HostContacts());

    /** How many responders of a host are looked at: all but a crawler or a proxy has fewer in an hour. */
    static final int RESPONDERS = 256;

    /** Stands for a responder that no beacon is told of. */
    static final String NOBODY = "-";

    private static final Subject ESTATE = Subject.of(FAMILY.space(), null, "estate");

    /** The fact that a host talks to a responder. */
    private static final int TALKS = 1;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** Panes whose sample is remembered; of a pane that is not, more is sent than need be. */
    private static final int PANES = 48;

    private final TreeMap<Long, HostSample> samples = new TreeMap<>();

    /** The hosts of a pane that are looked at, as far as is known, and what was said of them. */
    private static final class HostSample {

        /** Contacts remembered, after which they are said again. */
        private static final int MOST = 50_000;

        private final TreeSet<Long> hosts = new TreeSet<>();
        private final Map<Long, TreeSet<Long>> responders = new HashMap<>();
        private final Set<Contact> told = new HashSet<>();

        boolean takes(long host) {
            if (hosts.size() >= HOSTS && host > hosts.last()) {
                return false;
            }
            if (hosts.add(host) && hosts.size() > HOSTS) {
                responders.remove(hosts.pollLast());
            }
            return true;
        }

        /** Likewise of each host those with the smallest mixed addresses: one crawler must not crowd out the others. */
        boolean takes(long host, IpAddress responder) {
            TreeSet<Long> known = responders.computeIfAbsent(host, unseen -> new TreeSet<>());
            long mixed = responder == null ? Long.MIN_VALUE : Cell.mix(Cell.fingerprint(responder, 0, 0));
            if (known.size() >= RESPONDERS && mixed > known.last()) {
                return false;
            }
            if (known.add(mixed) && known.size() > RESPONDERS) {
                known.pollLast();
            }
            return true;
        }

        /** Once is enough, for nobody counts how often. */
        boolean isNew(Contact contact) {
            if (told.size() >= MOST) {
                told.clear();
            }
            return told.add(contact);
        }
    }

    /** A host, as mixed, and whom it talks to; null for an AWS service. */
    private record Contact(long host, IpAddress responder) {}

    @Override
    public void route(ClosedConnection connection, Marks marks) {
        if (!connection.originatorInternal() || !connection.responderPublic() || !Beacon.succeeded(connection)) {
            return;
        }
        String scope = connection.originatorScope();
        long pane = marks.panes().entering(connection.start(), connection.decidedAt());
        long host = mixed(scope, connection.originator());
        HostSample sample = sampleOf(pane);
        IpAddress responder = Beacon.ofAws(connection) ? null : connection.responder();
        if (sample.takes(host) && sample.takes(host, responder) && sample.isNew(new Contact(host, responder))) {
            String side = scope + " " + (responder == null ? NOBODY : responder);
            marks.fact(ESTATE, new Cell(connection.originator(), 0, 0, side, Map.of()), TALKS, connection);
        }
    }

    /** Where a host of a cell stands among all. */
    static long mixed(Cell cell) {
        return mixed(cell.side().substring(0, cell.side().lastIndexOf(' ')), cell.address());
    }

    /** The responder of a cell. */
    static String responder(Cell cell) {
        return cell.side().substring(cell.side().lastIndexOf(' ') + 1);
    }

    private static long mixed(String scope, IpAddress host) {
        return Cell.mix(Cell.fingerprint(host, 0, 0) + scope.hashCode() * GOLDEN);
    }

    private HostSample sampleOf(long pane) {
        HostSample sample = samples.get(pane);
        if (sample == null) {
            sample = new HostSample();
            samples.put(pane, sample);
            if (samples.size() > PANES) {
                samples.pollFirstEntry();
            }
        }
        return sample;
    }
}
