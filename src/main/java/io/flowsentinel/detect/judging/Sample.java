package io.flowsentinel.detect.judging;

import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.RecordRef;
import java.util.Comparator;
import java.util.List;

/**
 * What an alert shows of a connection that counts: few of each tally are kept. Of the very many that are kept nearly none
 * is ever shown, so once sent it stays in the form in which it came, and is read anew by whoever wants to know.
 */
public final class Sample {

    /**
     * By start, then id; of one connection that is told of several times what was known earlier. Single records have no
     * id: what they say comes before where they stand, which is up to the delivery.
     */
    public static final Comparator<Sample> BY_START = Sample::compare;

    private static final Comparator<Party> PARTIES = Comparator.comparing(Party::endpoint)
            .thenComparingLong(Party::packets)
            .thenComparingLong(Party::bytes)
            .thenComparing(Party::interfaceId, SampleForm.TEXTS)
            .thenComparing(Party::instanceId, SampleForm.TEXTS);

    private static final Comparator<Told> WORDS = Comparator.comparing(Told::originator, Comparator.nullsFirst(PARTIES))
            .thenComparing(Told::responder, Comparator.nullsFirst(PARTIES))
            .thenComparingInt(Told::protocol)
            .thenComparingLong(Told::end)
            .thenComparing(Told::scope, SampleForm.TEXTS)
            .thenComparing(Told::interfaceId, SampleForm.TEXTS);

    /** The id of no connection, which is empty. */
    public static final ConnectionId NO_CONNECTION = ConnectionId.of("");

    private final long start;

    /** Null where it is kept in its form. */
    private final Told told;

    /** Null until it is asked for. */
    private SampleForm form;

    /**
     * What there is to tell.
     *
     * @param connectionId {@link #NO_CONNECTION} where a single record counts, not a connection
     * @param scope of the connection, or of the interface where that is judged
     * @param originator who opened it; null where a line counts that is about no packets
     * @param responder the other side; null likewise
     * @param protocol IANA protocol number
     * @param state Zeek's conn_state; null where a single record counts
     * @param verdict what filters did to it; null likewise
     * @param start epoch seconds
     * @param end epoch seconds; of what goes on the end of what was logged so far
     * @param interfaceId the interface concerned; null where no interface is judged
     * @param translated whether the originator is a NAT gateway, which stands for others
     * @param guessed whether, for want of flags, ports and packets alone tell who opened it and what became of it
     * @param records where to look it up
     */
    public record Told(
            ConnectionId connectionId,
            String scope,
            Party originator,
            Party responder,
            int protocol,
            ConnState state,
            Verdict verdict,
            long start,
            long end,
            String interfaceId,
            boolean translated,
            boolean guessed,
            List<RecordRef> records) {}

    /** A sample of which all is known. */
    public Sample(Told told) {
        this.start = told.start();
        this.told = told;
    }

    /** A sample as it was sent or kept. */
    public Sample(long start, SampleForm form) {
        this.start = start;
        this.told = null;
        this.form = form;
    }

    /** How it is sent and kept, {@link #start} apart. */
    public SampleForm form() {
        if (form == null) {
            form = SampleForm.of(told);
        }
        return form;
    }

    /** The same, keeping nothing else in memory that was read together with it. */
    public Sample alone() {
        return told == null ? new Sample(start, form.alone()) : this;
    }

    private Told told() {
        return told == null ? form.told(start) : told;
    }

    /** Empty where a single record counts, not a connection. */
    public String connectionId() {
        return told == null ? form.id(start) : told.connectionId().text();
    }

    /** Whether it is a connection that counts, not a single record. */
    public boolean ofConnection() {
        return form().ofConnection();
    }

    /** Scope of the connection, or of the interface where that is judged. */
    public String scope() {
        return told().scope();
    }

    /** Who opened it; null where a line counts that is about no packets. */
    public Endpoint originator() {
        return endpoint(told().originator());
    }

    /** The other side; null likewise. */
    public Endpoint responder() {
        return endpoint(told().responder());
    }

    private static Endpoint endpoint(Party party) {
        return party == null ? null : party.endpoint();
    }

    /** All there is to show of who opened it; null where {@link #originator} is. */
    public Party originatorParty() {
        return told().originator();
    }

    /** All there is to show of the other side; null likewise. */
    public Party responderParty() {
        return told().responder();
    }

    /** IANA protocol number. */
    public int protocol() {
        return told().protocol();
    }

    /** Zeek's conn_state; null where a single record counts. */
    public ConnState state() {
        return told().state();
    }

    /** What filters did to it; null where a single record counts. */
    public Verdict verdict() {
        return told().verdict();
    }

    /** Whether the originator is internal. */
    public boolean internal() {
        Party originator = told().originator();
        return originator != null && originator.internal();
    }

    /** Whether the responder is. */
    public boolean responderInternal() {
        Party responder = told().responder();
        return responder != null && responder.internal();
    }

    /** Epoch seconds. */
    public long start() {
        return start;
    }

    /** Epoch seconds; of what goes on the end of what was logged so far. */
    public long end() {
        return told().end();
    }

    /** The interface concerned; null where no interface is judged. */
    public String interfaceId() {
        return told().interfaceId();
    }

    /** Whether the originator is a NAT gateway, which stands for others. */
    public boolean translated() {
        return told().translated();
    }

    /** Whether, for want of flags, ports and packets alone tell who opened it and what became of it. */
    public boolean guessed() {
        return told().guessed();
    }

    /** Where to look it up. */
    public List<RecordRef> records() {
        return told().records();
    }

    private static int compare(Sample one, Sample other) {
        if (one.start != other.start) {
            return Long.compare(one.start, other.start);
        }
        int byId = SampleForm.compareIds(one.form(), other.form(), one.start);
        if (byId != 0) {
            return byId;
        }
        // Most that begin at the same time are interfaces of one pane: they are told apart without being read.
        int byTexts = SampleForm.compareTexts(one.form(), other.form());
        if (byTexts != 0) {
            return byTexts;
        }
        if (!one.ofConnection()) {
            int byWords = WORDS.compare(one.told(), other.told());
            if (byWords != 0) {
                return byWords;
            }
        }
        int byEnd = Long.compare(one.end(), other.end());
        if (byEnd != 0) {
            return byEnd;
        }
        int byObject = one.object().compareTo(other.object());
        return byObject != 0 ? byObject : Long.compare(one.line(), other.line());
    }

    /** Points at what was logged of an interface, whoever's packets it is about. */
    public static Sample ofInterface(String scope, String interfaceId, long start, List<RecordRef> records) {
        return new Sample(new Told(
                NO_CONNECTION, scope, null, null, 0, null, null, start, start, interfaceId, false, false, records));
    }

    /** Whether it is about packets: without, there is no connection to show. */
    public boolean hasEndpoints() {
        return originator() != null;
    }

    private String object() {
        return records().isEmpty() ? "" : records().get(0).object();
    }

    private long line() {
        return records().isEmpty() ? 0 : records().get(0).line();
    }

    /** Equal in all there is to tell. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Sample that && told().equals(that.told());
    }

    @Override
    public int hashCode() {
        return told().hashCode();
    }

    @Override
    public String toString() {
        return told().toString();
    }
}
