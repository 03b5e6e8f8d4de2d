package io.flowsentinel.parse;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** An object of given lines, read to its end, and what came of it. */
record ParsedObject(List<ParsedLine> out) {

    static final String URI = "s3://logs/AWSLogs/object.log.gz";
    static final String V2_HEADER = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
            + " bytes start end action log-status";
    static final String V2_RECORD = "2 012345678901 eni-0a1b2c3d4e5f60001 198.51.100.7 10.1.0.9 40001 22 6 1 40"
            + " 1700000000 1700000055 REJECT OK";
    static final ParserSettings SETTINGS =
            new ParserSettings(List.of(), Scope.VPC, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60);

    /** Reads the lines under plain settings, with no slot known. */
    static ParsedObject of(String... lines) {
        return read(SETTINGS, FlowLogParser.NO_SLOT, lines);
    }

    static ParsedObject read(ParserSettings settings, long slotSeconds, String... lines) {
        ParserCaches caches = new ParserCaches(settings.scope(), warning -> {}, new LongRecords(), new MissingFlags());
        return read(new FlowLogParser(settings, URI, slotSeconds, caches), lines);
    }

    static ParsedObject read(FlowLogParser parser, String... lines) {
        List<ParsedLine> out = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            // Bytes around the line show whether the parser keeps to its range.
            byte[] buffer = ("7 " + lines[i] + " 9").getBytes(StandardCharsets.UTF_8);
            parser.line(buffer, 2, buffer.length - 2, i + 1, out::add);
        }
        parser.account(1000, out::add);
        parser.end(null, 0, out::add);
        return new ParsedObject(out);
    }

    List<FlowRecord> flows() {
        return each(ParsedLine::flow);
    }

    List<CoverageRecord> coverage() {
        return each(ParsedLine::coverage);
    }

    List<QuarantinedLine> quarantined() {
        return each(ParsedLine::quarantined);
    }

    List<String> reasons() {
        return quarantined().stream().map(QuarantinedLine::reason).toList();
    }

    List<LateRecord> late() {
        return each(ParsedLine::late);
    }

    Accounts accounts() {
        return each(ParsedLine::accounts).stream().reduce(Accounts.NONE, Accounts::plus);
    }

    /** The one record of the object. */
    FlowRecord flow() {
        if (flows().size() != 1) {
            throw new AssertionError("not one record: " + out);
        }
        return flows().get(0);
    }

    private <T> List<T> each(Function<ParsedLine, T> component) {
        return out.stream().map(component).filter(Objects::nonNull).toList();
    }
}
