package io.flowsentinel;

import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.parse.FlowLogParser;
import io.flowsentinel.parse.ParserCaches;
import io.flowsentinel.parse.ParserSettings;
import io.flowsentinel.serde.Nouns;
import io.flowsentinel.source.DiscoveryTotals;
import io.flowsentinel.source.ObjectDecoder;
import io.flowsentinel.source.ObjectFormat;
import io.flowsentinel.source.discovery.LogObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Introduces the parser to the source: each object gets a parser, all objects of a reader share its caches. */
final class ParseObjects implements ObjectFormat<ParsedLine> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ParseObjects.class);

    /** The gauge of the formats met: names of fields, separated by spaces, of each format one line. */
    private static final String FORMATS = "formats";

    private final ParserSettings settings;
    private final RuleCoverage coverage;

    /** One line a format, for the thread that reads metrics. */
    private transient volatile String formats;

    /** One reader's, which reads in one thread. */
    private transient ParserCaches caches;

    ParseObjects(ParserSettings settings, RuleCoverage coverage) {
        this.settings = settings;
        this.coverage = coverage;
    }

    @Override
    public ObjectDecoder<ParsedLine> open(LogObject object) {
        if (caches == null) {
            caches = new ParserCaches(settings.scope(), LOG::warn, this::met);
        }
        return new Decoder(new FlowLogParser(settings, object.uri(), object.slotSeconds(), caches));
    }

    @Override
    public ParsedLine discovered(DiscoveryTotals totals) {
        Map<String, Long> amounts = new TreeMap<>(Map.of(
                Accounts.OBJECTS_FOUND, totals.objectsFound(),
                Accounts.OBJECTS_STRAY, totals.strays(),
                Accounts.LIST_CALLS, totals.listCalls(),
                Accounts.LIST_FAILURES, totals.listFailures()));
        if (totals.slotSeconds() != Long.MIN_VALUE) {
            amounts.put(Accounts.SLOT_REACHED, totals.slotSeconds());
        }
        return ParsedLine.of(new Accounts(amounts));
    }

    @Override
    public TypeInformation<ParsedLine> producedType() {
        return Nouns.PARSED_LINE;
    }

    @Override
    public void show(MetricGroup metrics) {
        metrics.gauge(FORMATS, () -> formats == null ? "" : formats);
    }

    /** Says what the rules make of a format, and leaves the format to whoever reads the metrics. */
    private void met(String object, Set<String> fields) {
        LOG.info(
                "Rules, for the fields of {} and objects like it:\n  {}",
                object,
                String.join("\n  ", coverage.of(fields)));
        String format = String.join(" ", fields);
        formats = formats == null ? format : formats + "\n" + format;
    }

    private record Decoder(FlowLogParser parser) implements ObjectDecoder<ParsedLine> {

        @Override
        public void columns(List<String> names) {
            parser.columns(names);
        }

        @Override
        public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<ParsedLine> out) {
            parser.line(buffer, from, to, lineNumber, out);
        }

        @Override
        public void account(long storedBytes, Consumer<ParsedLine> out) {
            parser.account(storedBytes, out);
        }

        @Override
        public void end(String fault, int retries, Consumer<ParsedLine> out) {
            parser.end(fault, retries, out);
        }

        @Override
        public long latestSeconds() {
            return parser.latestSeconds();
        }
    }
}
