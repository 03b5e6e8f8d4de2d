package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.FlowRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FlowLogParserPropertiesTest {

    private static final List<String> NAMES = Arrays.stream(FlowLogField.values())
            .filter(field -> field.version() <= 5)
            .map(FlowLogField::awsName)
            .toList();
    private static final List<String> VALUES = List.of(("5 123456789012 eni-1 10.0.0.1 10.0.0.9 1024 443 6 5 300"
                    + " 1700000000 1700000055 ACCEPT OK vpc-1 subnet-1 i-1 19 IPv4 10.0.0.1 10.0.0.2 us-east-1 use1-az4 - -"
                    + " AMAZON S3 egress 8")
            .split(" "));

    @Property(tries = 1_000)
    void anyOrderOfColumnsGivesTheSameRecord(@ForAll Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);

        FlowRecord flow =
                ParsedObject.of(inOrder(NAMES, order), inOrder(VALUES, order)).flow();

        assertThat(flow)
                .isEqualTo(ParsedObject.of(String.join(" ", NAMES), String.join(" ", VALUES))
                        .flow());
    }

    @Property(tries = 1_000)
    void everyLineIsAccountedForOnce(@ForAll("lines") List<String> lines) {
        ParsedObject parsed = ParsedObject.of(lines.toArray(String[]::new));

        Accounts accounts = parsed.accounts();
        assertThat(accounts.get(Accounts.LINES_READ)).isEqualTo(lines.size());
        assertThat(accounts.get(Accounts.HEADER_LINES)
                        + accounts.get(Accounts.RECORDS_OK)
                        + accounts.get(Accounts.RECORDS_NODATA)
                        + accounts.get(Accounts.RECORDS_SKIPDATA)
                        + accounts.get(Accounts.RECORDS_QUARANTINED))
                .isEqualTo(lines.size());
        assertThat(accounts.get(Accounts.RECORDS_OK)).isEqualTo(parsed.flows().size());
        assertThat(accounts.get(Accounts.RECORDS_QUARANTINED))
                .isEqualTo(parsed.quarantined().size());
    }

    @Property(tries = 1_000)
    void noBytesMakeTheParserFail(@ForAll byte[] bytes) {
        String line = new String(bytes, StandardCharsets.ISO_8859_1);

        ParsedObject parsed = ParsedObject.of(ParsedObject.V2_HEADER, line, ParsedObject.V2_RECORD);

        assertThat(parsed.accounts().get(Accounts.LINES_READ)).isEqualTo(3);
        assertThat(parsed.flows()).hasSize(1);
    }

    /** Good lines, and good lines with one field replaced, cut short or gone. */
    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> value = Arbitraries.of(
                "-",
                "",
                "0",
                "-1",
                "65536",
                "abc",
                "10.0.0.1",
                "::1",
                "NODATA",
                "SKIPDATA",
                "OK",
                "\r",
                "\u00e9",
                "end");
        Arbitrary<String> good = Arbitraries.of(
                ParsedObject.V2_HEADER,
                ParsedObject.V2_RECORD,
                "2 unknown eni-2 - - - - - - - 1700000003 1700000003 - NODATA",
                "2 unknown eni-2 - - - - - - - 1700000003 1700000003 - SKIPDATA",
                String.join(" ", NAMES),
                String.join(" ", VALUES));
        Arbitrary<String> changed = good.flatMap(line -> Arbitraries.integers()
                .between(0, line.split(" ").length - 1)
                .flatMap(at -> value.map(text -> changed(line, at, text))));
        Arbitrary<String> garbage = Arbitraries.strings().ofMaxLength(40);
        return Arbitraries.oneOf(good, changed, value, garbage).list().ofMaxSize(30);
    }

    private static String changed(String line, int at, String text) {
        String[] fields = line.split(" ");
        fields[at] = text;
        return String.join(" ", fields);
    }

    private static String inOrder(List<String> fields, List<Integer> order) {
        return order.stream().map(fields::get).collect(Collectors.joining(" "));
    }
}
