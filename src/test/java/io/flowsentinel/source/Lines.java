package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * A format for tests. An element is kind, slot and text: {@code line} with the line,
 * {@code account} with file name, lines and stored bytes since the last one, {@code end} with file name, lines of the last
 * attempt, fault and retries, {@code found} with the totals.
 */
final class Lines implements ObjectFormat<Tuple3<String, Long, String>> {

    private static final long serialVersionUID = 1L;

    @Override
    public ObjectDecoder<Tuple3<String, Long, String>> open(LogObject object) {
        return new Decoder(object);
    }

    @Override
    public Tuple3<String, Long, String> discovered(DiscoveryTotals totals) {
        return Tuple3.of("found", 0L, totals.objectsFound() + " objects, " + totals.strays() + " strays");
    }

    @Override
    public TypeInformation<Tuple3<String, Long, String>> producedType() {
        return Types.TUPLE(Types.STRING, Types.LONG, Types.STRING);
    }

    private static final class Decoder implements ObjectDecoder<Tuple3<String, Long, String>> {

        private final LogObject object;
        private long lines;
        private long unaccounted;
        private long latest = Long.MIN_VALUE;

        Decoder(LogObject object) {
            this.object = object;
        }

        @Override
        public void columns(List<String> names) {
            // A line means nothing here, and neither do its fields.
        }

        @Override
        public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<Tuple3<String, Long, String>> out) {
            lines++;
            unaccounted++;
            String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
            if (text.startsWith("at ")) {
                latest = Math.max(latest, Long.parseLong(text.substring(3)));
            }
            out.accept(Tuple3.of("line", object.slotSeconds(), text));
        }

        @Override
        public void account(long storedBytes, Consumer<Tuple3<String, Long, String>> out) {
            if (unaccounted > 0 || storedBytes > 0) {
                out.accept(Tuple3.of(
                        "account",
                        object.slotSeconds(),
                        name() + " " + unaccounted + " lines, " + storedBytes + " bytes"));
            }
            unaccounted = 0;
        }

        @Override
        public void end(String fault, int retries, Consumer<Tuple3<String, Long, String>> out) {
            String outcome = (fault == null ? "whole" : fault) + (retries == 0 ? "" : ", retries: " + retries);
            out.accept(Tuple3.of("end", object.slotSeconds(), name() + " " + lines + " lines, " + outcome));
        }

        @Override
        public long latestSeconds() {
            return latest;
        }

        private String name() {
            return object.uri().substring(object.uri().lastIndexOf('/') + 1);
        }
    }
}
