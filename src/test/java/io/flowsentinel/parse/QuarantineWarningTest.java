package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuarantineWarningTest {

    private final List<String> warnings = new ArrayList<>();
    private final ParserCaches caches = new ParserCaches(Scope.VPC, warnings::add, (object, fields) -> {});

    @Test
    void theFirstLineOfAReaderThatIsNotUnderstoodIsWarnedOf() {
        read("s3://logs/a", "nonsense", "more nonsense");
        read("s3://logs/b", "nonsense");

        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("s3://logs/a line 1: ")
                .contains("quarantine feed");
    }

    private void read(String object, String... lines) {
        ParserSettings settings = new ParserSettings(List.of(), Scope.VPC, 600, Long.MIN_VALUE, Long.MAX_VALUE, 60);
        FlowLogParser parser = new FlowLogParser(settings, object, FlowLogParser.NO_SLOT, caches);
        for (int i = 0; i < lines.length; i++) {
            byte[] line = lines[i].getBytes(StandardCharsets.UTF_8);
            parser.line(line, 0, line.length, i + 1, kept -> {});
        }
    }
}
