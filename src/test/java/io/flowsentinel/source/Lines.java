package io.flowsentinel.source;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * A format for tests. An element is kind, slot and text: {@code line} with the line, {@code end} with file name, line
 * count and fault, {@code found} with the totals.
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
        private long latest = Long.MIN_VALUE;

        Decoder(LogObject object) {
            this.object = object;
        }

        @Override
        public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<Tuple3<String, Long, String>> out) {
            lines++;
            String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
            if (text.startsWith("at ")) {
                latest = Math.max(latest, Long.parseLong(text.substring(3)));
            }
            out.accept(Tuple3.of("line", object.slotSeconds(), text));
        }

        @Override
        public void end(long bytesRead, String fault, Consumer<Tuple3<String, Long, String>> out) {
            String name = object.uri().substring(object.uri().lastIndexOf('/') + 1);
            out.accept(Tuple3.of(
                    "end", object.slotSeconds(), name + " " + lines + " lines, " + (fault == null ? "whole" : fault)));
        }

        @Override
        public long latestSeconds() {
            return latest;
        }
    }
}
