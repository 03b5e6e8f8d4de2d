package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.AddressLists;
import io.flowsentinel.detect.settings.AddressLists.Listing;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * Somebody had to do with a public address that is on a list, whoever of the two opened the connection. Contact is what
 * filters let through both ways; what they denied is told as well, but alarms nobody. Neither are attempts that filters
 * let through and nobody answered, and answers nobody asked for: those come of addresses that others forge. Who is on a
 * list is up to its author; the alert names the list, its version and the entry.
 */
public final class ListMatch implements Detector {

    /** Of the rule, in every rules file and alert. */
    public static final String ID = "list-match";

    static final Family FAMILY = Family.ofHours(27)
            .rule(ID, rules -> new ListMatch(rules.rule(ID)))
            .connections(rules -> rules.lists().isEmpty() ? null : new Routing(rules));

    private static final String HOSTS = "hosts";
    private static final String CONTACTED = "contacted_hosts";
    private static final String CONTACTS = "contacts";
    private static final String DENIALS = "denials";
    private static final String CONTACT = "contact";
    private static final String DENIED = "denied";

    /** Between the parts of {@link Cell#side}: no file's name has it. */
    private static final String NEXT = "\0";

    private final RuleSettings rule;

    ListMatch(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        if (window.tallies().isEmpty()) {
            return List.of();
        }
        return AllowLists.accuse(ID, window.tallies(), this::condition).stream().toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies) {
        Set<Long> hosts = new TreeSet<>();
        Set<Long> contacted = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        Set<String> listings = new TreeSet<>();
        for (PaneTally entry : tallies) {
            Cell cell = entry.cell();
            long host = Cell.fingerprint(cell.address(), 0, 0);
            hosts.add(host);
            if (contacted(cell)) {
                contacted.add(host);
                names.add(cell.address().toString());
            }
            listings.add(cell.side().substring(cell.side().indexOf(NEXT) + 1));
        }
        Sighting.Builder sighting = Sighting.of(rule, List.of(new EntityField("peer", peer(tallies))), tallies)
                .severity(contacted.isEmpty() ? Severity.INFORMATIONAL : Severity.HIGH)
                .distinct(HOSTS, hosts)
                .distinct(CONTACTED, contacted)
                .list(CONTACTED, names)
                .kinds(cell -> contacted(cell) ? CONTACTS : DENIALS)
                .notable(firstContact(tallies));
        return named(sighting, listings);
    }

    /** Of an address that was denied a hundred times before, the one contact is what matters. */
    private static Notable firstContact(List<PaneTally> tallies) {
        return tallies.stream()
                .filter(entry -> contacted(entry.cell()))
                .map(entry -> entry.tally().first())
                .min(Sample.BY_START)
                .map(sample -> new Notable(-sample.start(), sample, "first_contact", sample.connectionId()))
                .orElse(null);
    }

    private static boolean contacted(Cell cell) {
        return cell.side().startsWith(CONTACT);
    }

    /** The one side that all of the subject's connections share. */
    private static String peer(List<PaneTally> tallies) {
        PaneTally first = tallies.get(0);
        Sample example = first.tally().first();
        IpAddress originator = example.originator().address();
        boolean other = originator.equals(first.cell().address());
        return (other ? example.responder().address() : originator).toString();
    }

    /** Texts in the same order each: the first list's name, version and entry come first. */
    private static Sighting.Builder named(Sighting.Builder sighting, Set<String> listings) {
        Set<String> each = new TreeSet<>();
        for (String listing : listings) {
            String[] parts = listing.split(NEXT, -1);
            for (int i = 0; i < parts.length; i += 3) {
                each.add(parts[i] + NEXT + parts[i + 1] + NEXT + parts[i + 2]);
            }
        }
        String[] names = {"list", "list_version", "list_entry"};
        for (int i = 0; i < names.length; i++) {
            List<String> texts = new ArrayList<>();
            for (String listing : each) {
                texts.add(listing.split(NEXT, -1)[i]);
            }
            sighting.context(names[i], String.join(", ", texts));
        }
        return sighting;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> {
            long contacted = numbers.get(CONTACTED);
            long denials = numbers.getOrDefault(DENIALS, 0L);
            String denied = Wording.counted(denials, "connection") + " denied";
            return contacted > 0
                    ? "Listed address: contact of %s with %s%s, %s%s"
                            .formatted(
                                    entity.get("peer"),
                                    Wording.counted(contacted, "host"),
                                    Wording.named(entity, CONTACTED),
                                    Wording.counted(numbers.get(CONTACTS), "connection"),
                                    denials == 0 ? "" : ", " + denied)
                    : "Listed address: %s and %s, %s"
                            .formatted(entity.get("peer"), Wording.counted(numbers.get(HOSTS), "host"), denied);
        };
    }

    /** Connections by a public address that is on a list: one that is on none costs a look at each list. */
    static final class Routing implements ConnectionRouter {

        private final AddressLists lists;
        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.lists = rules.lists();
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (connection.originatorPublic()) {
                route(connection, connection.originator(), connection.responder(), marks);
            }
            if (connection.responderPublic()) {
                route(connection, connection.responder(), connection.originator(), marks);
            }
        }

        private void route(ClosedConnection connection, IpAddress peer, IpAddress host, Marks marks) {
            String outcome = connection.denied() ? DENIED : contact(connection) ? CONTACT : null;
            List<Listing> listings = outcome == null ? List.of() : lists.find(peer);
            if (listings.isEmpty()) {
                return;
            }
            StringJoiner side = new StringJoiner(NEXT).add(outcome);
            for (Listing listing : listings) {
                side.add(listing.list()).add(listing.version()).add(listing.entry());
            }
            Cell cell = new Cell(
                    host,
                    connection.port(),
                    connection.protocol(),
                    side.toString(),
                    AllowLists.covering(rules, connection));
            marks.count(Subject.of(FAMILY.space(), null, peer), cell, connection);
        }

        /** Where a handshake was logged it has to have been answered; of anything else packets passed both ways. */
        private static boolean contact(ClosedConnection closed) {
            Connection connection = closed.connection();
            if (connection.has(Trait.UNSOLICITED_SYNACK)) {
                return false;
            }
            if (closed.tcp() && connection.rolesKnown()) {
                return closed.answered();
            }
            return closed.bothPassed();
        }
    }
}
