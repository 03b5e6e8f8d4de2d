package io.flowsentinel.source.lines;

import static org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.MILLIS;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT96;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.ParquetObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ParquetLinesTest {

    private static final String DEFAULT =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
                    + " log-status";

    private static final String VPC = DEFAULT
            + " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type"
            + " sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn"
            + " ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id"
            + " ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason"
            + " resource-id encryption-status instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2"
            + " interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id"
            + " next-hop-interface-type";

    private static final String TRANSIT_GATEWAY =
            "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id"
                    + " tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni"
                    + " tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol"
                    + " packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole"
                    + " packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction"
                    + " pkt-src-aws-service pkt-dst-aws-service";

    private static final String SSH =
            "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070"
                    + " ACCEPT OK";
    private static final String NO_DATA =
            "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA";

    @Test
    void rowsAreTheLinesOfATextObject() throws IOException {
        byte[] object = ParquetObject.of(DEFAULT, SSH, NO_DATA);

        Read read = read(object);

        assertThat(read.columns()).isEqualTo(List.of(DEFAULT.split(" ", -1)));
        assertThat(read.lines()).containsExactly(SSH, NO_DATA);
    }

    @Test
    void allFieldsOfVpcFlowLogsAreRead() throws IOException {
        String line = "11 123456789010 eni-1235b8ca123456789 10.0.1.5 10.0.0.220 49152 443 6 10 5280 1616729292"
                + " 1616729349 REJECT OK vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 19 IPv4"
                + " 10.0.1.5 203.0.113.5 us-west-2 usw2-az1 - - - AMAZON egress 8"
                + " arn:aws:ecs:us-west-2:123456789010:cluster/web web - - 0123456789abcdef-1 - shop"
                + " arn:aws:ecs:us-west-2:123456789010:task-definition/shop:7"
                + " arn:aws:ecs:us-west-2:123456789010:task/web/0123 0123 BPA nat-0123456789abcdef0 3"
                + " prod%20web %2D team%3A%2Fedge - asg - nat_gateway eni-0123456789abcdef0 subnet-0123456789abcdef0"
                + " usw2-az2 vpc-0123456789abcdef0 vpc_endpoint";

        Read read = read(ParquetObject.of(VPC, line));

        assertThat(read.columns()).isEqualTo(List.of(VPC.split(" ", -1)));
        assertThat(read.lines()).containsExactly(line);
    }

    @Test
    void transitGatewayFieldsAreRead() throws IOException {
        String line = "6 TransitGateway 123456789010 tgw-0123456789abcdef0 tgw-attach-0123456789abcdef0 123456789010"
                + " 210987654321 vpc-a vpc-b subnet-a subnet-b eni-a eni-b usw2-az1 usw2-az2"
                + " tgw-attach-fedcba98765432100 10.20.33.164 10.40.2.236 39812 80 6 50 2800 1616729292 1616729349 OK IPv4"
                + " 0 1 2 3 18 us-west-2 ingress - -";

        assertThat(read(ParquetObject.of(TRANSIT_GATEWAY, line)).lines()).containsExactly(line);
    }

    @Test
    void noValueAnEmptyOneAndAHyphenAreAbsent() throws IOException {
        MessageType schema = schema(
                Types.optional(BINARY).as(stringType()).named("srcaddr"),
                Types.optional(INT32).named("srcport"),
                Types.optional(DOUBLE).named("protocol"));

        Read read = read(new ParquetObject()
                .write(
                        schema,
                        List.of(Arrays.asList(null, null, null), List.of("", 0, Double.NaN), List.of("-", 1, 6.0))));

        assertThat(read.lines()).containsExactly("- - -", "- 0 -", "- 1 6");
    }

    @Test
    void numbersOfAllTypesAreWrittenInDigits() throws IOException {
        MessageType schema = schema(
                Types.required(INT64).named("protocol"),
                Types.required(INT32).as(intType(32, false)).named("a"),
                Types.required(INT64).as(intType(64, false)).named("b"),
                Types.required(INT32).as(intType(8, true)).named("c"),
                Types.required(FLOAT).named("d"),
                Types.required(DOUBLE).named("e"),
                Types.required(BOOLEAN).named("f"),
                Types.required(INT64).as(timestampType(true, MILLIS)).named("g"),
                Types.required(INT64).as(decimalType(0, 18)).named("h"));

        Read read = read(new ParquetObject()
                .write(
                        schema,
                        List.of(
                                List.of(6L, -1, -1L, -1, 6.0f, 1616729292.0, true, 1616729292000L, 7L),
                                List.of(
                                        Long.MIN_VALUE,
                                        Integer.MAX_VALUE,
                                        Long.MAX_VALUE,
                                        -128,
                                        0.5f,
                                        -2.5e-7,
                                        false,
                                        0L,
                                        -7L))));

        assertThat(read.lines())
                .containsExactly(
                        "6 4294967295 18446744073709551615 -1 6 1616729292 true 1616729292000 7",
                        "-9223372036854775808 2147483647 9223372036854775807 -128 0.5 -2.5E-7 false 0 -7");
    }

    @Test
    void noTextBreaksItsFieldOrLine() throws IOException {
        MessageType schema = schema(
                Types.optional(BINARY).as(stringType()).named("instance_tag"),
                Types.optional(BINARY).named("resource_id"),
                Types.optional(FIXED_LEN_BYTE_ARRAY).length(3).named("type"));

        Read read = read(new ParquetObject()
                .write(
                        schema,
                        List.of(
                                List.of("prod web\r\n\t\u007f", bytes("nat-1"), bytes("abc")),
                                List.of(
                                        "caf\u00e9 100%",
                                        new byte[] {'a', (byte) 0xff, 0}, new byte[] {-1, 'b', ' '}))));

        assertThat(read.lines())
                .containsExactly("prod%20web%0D%0A%09%7F nat-1 abc", "caf\u00e9%20100% a%FF%00 %FFb%20");
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "GZIP", "SNAPPY", "ZSTD", "LZ4_RAW"})
    void everyCodecAndEncodingGivesTheSameLines(CompressionCodecName codec) throws IOException {
        List<String> lines = records(3000);
        for (WriterVersion version : WriterVersion.values()) {
            byte[] withDictionaries = new ParquetObject()
                    .compressedBy(codec)
                    .inPagesOf(version)
                    .withRowGroupsOf(1000)
                    .write(DEFAULT, lines);
            byte[] without = new ParquetObject()
                    .compressedBy(codec)
                    .inPagesOf(version)
                    .withoutDictionaries()
                    .withoutChecksums()
                    .write(DEFAULT, lines);
            byte[] split = new ParquetObject()
                    .compressedBy(codec)
                    .inPagesOf(version)
                    .withoutDictionaries()
                    .withByteStreamSplit()
                    .write(DEFAULT, lines);

            assertThat(read(withDictionaries).lines()).isEqualTo(lines);
            assertThat(read(without).lines()).isEqualTo(lines);
            assertThat(read(split).lines()).isEqualTo(lines);
        }
    }

    @Test
    void aColumnWithoutAnyValueIsRead() throws IOException {
        List<String> lines = IntStream.range(0, 100).mapToObj(i -> "- " + i).toList();

        for (WriterVersion version : WriterVersion.values()) {
            byte[] object = new ParquetObject()
                    .inPagesOf(version)
                    .compressedBy(CompressionCodecName.SNAPPY)
                    .write("tcp-flags srcport", lines);

            assertThat(read(object).lines()).isEqualTo(lines);
        }
    }

    @Test
    void anObjectWithoutRowsHasNoLines() throws IOException {
        byte[] object = ParquetObject.of(DEFAULT);

        Read read = read(object);

        assertThat(read.columns()).hasSize(14);
        assertThat(read.lines()).isEmpty();
        assertThat(read.storedBytes()).isEqualTo(object.length);
    }

    @Test
    void storedBytesGrowToTheSizeOfTheObject() throws IOException {
        byte[] object = new ParquetObject().withRowGroupsOf(2000).write(DEFAULT, records(10_000));
        long before = 0;
        ParquetLines lines = open(object);
        while (lines.advance()) {
            assertThat(lines.storedBytes()).isBetween(before, (long) object.length);
            before = lines.storedBytes();
        }

        assertThat(before).isGreaterThan(object.length * 3L / 4);
        assertThat(lines.storedBytes()).isEqualTo(object.length);
        assertThat(lines.advance()).isFalse();
    }

    @Test
    void aLineThatIsTooLongIsCut() throws IOException {
        String huge = "x".repeat(ObjectLines.MAX_LINE_BYTES);
        byte[] object = ParquetObject.of("type srcport", huge + " 1", "IPv4 2", huge.substring(2) + " 3");

        ParquetLines lines = open(object);
        assertThat(lines.advance()).isTrue();
        assertThat(lines.overlong()).isTrue();
        assertThat(lines.to() - lines.from()).isEqualTo(ObjectLines.MAX_LINE_BYTES);
        assertThat(lines.advance()).isTrue();
        assertThat(lines.overlong()).isFalse();
        assertThat(line(lines)).isEqualTo("IPv4 2");
        assertThat(lines.advance()).isTrue();
        assertThat(lines.overlong()).isFalse();
        assertThat(line(lines)).endsWith("xx 3").hasSize(ObjectLines.MAX_LINE_BYTES);
    }

    @Test
    void columnsThatAreNoFieldsAreRefused() {
        assertFault(emptyObject(Types.optionalGroup().optional(INT32).named("x").named("tcp_flags")))
                .hasMessageContaining("column 'tcp_flags' is nested; expected each row to have one integer");
        assertFault(emptyObject(Types.repeated(INT32).named("srcport")))
                .hasMessageContaining("column 'srcport' is repeated");
        assertFault(emptyObject(Types.optional(INT96).named("start"))).hasMessageContaining("column 'start' is INT96");
        assertFault(emptyObject(Types.optional(INT64).as(decimalType(2, 18)).named("bytes")))
                .hasMessageContaining("column 'bytes' is a decimal");
    }

    @Test
    void whatIsNoParquetIsRefused() {
        byte[] object = ParquetObject.of(DEFAULT, SSH);
        byte[] noise = new byte[2000];
        new Random(1).nextBytes(noise);
        System.arraycopy(bytes("PAR1"), 0, noise, 0, 4);

        assertFault(noise).hasMessage("truncated or no Parquet file: it does not end with PAR1");
        System.arraycopy(bytes("PAR1"), 0, noise, noise.length - 4, 4);
        assertFault(noise).hasMessageContaining("its footer says it has");
        assertFault(bytes("PAR1")).hasMessage("is no Parquet file: it has 4 bytes");
        assertFault(Arrays.copyOf(object, object.length - 100)).hasMessageContaining("truncated");
    }

    @Test
    void anEncryptedObjectIsRefused() {
        byte[] object = ParquetObject.of(DEFAULT, SSH);
        object[object.length - 1] = 'E';

        assertFault(object).hasMessage("is encrypted Parquet; expected Parquet that is not encrypted");
    }

    @Test
    void aFooterThatClaimsMoreThanThereIsIsRefused() {
        byte[] object = ParquetObject.of(DEFAULT, SSH);
        ByteBuffer length = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);

        length.putInt(object.length - 8, object.length);
        assertFault(object).hasMessageContaining("its footer says it has " + object.length + " bytes");
        length.putInt(object.length - 8, Integer.MIN_VALUE);
        assertFault(object).hasMessageContaining("its footer says it has 2147483648 bytes");
        length.putInt(object.length - 8, 40);
        assertFault(object).hasMessageContaining("its footer cannot be read");
    }

    @Test
    void rowGroupsThatTheObjectCannotHoldAreRefused() throws IOException {
        byte[] object = ParquetObject.of(DEFAULT, SSH);

        assertFault(withFooter(object, file -> firstChunk(file).setTotal_compressed_size(1L << 30)))
                .hasMessageContaining("column 'version' says it has 1073741824 bytes");
        assertFault(withFooter(object, file -> firstChunk(file).setTotal_compressed_size(-1)))
                .hasMessageContaining("column 'version' says it has -1 bytes");
        assertFault(withFooter(object, file -> file.getRow_groups().get(0).setNum_rows(Long.MAX_VALUE)))
                .hasMessageContaining("in a row group of 9223372036854775807 rows");
        assertFault(withFooter(
                        object, file -> file.getRow_groups().get(0).getColumns().remove(3)))
                .hasMessageContaining("a row group says it has 1 rows and 13 columns; the schema has 14 columns");
        assertFault(withFooter(object, file -> {
                    for (ColumnChunk chunk : file.getRow_groups().get(0).getColumns()) {
                        chunk.getMeta_data().setTotal_compressed_size(300).setData_page_offset(4);
                    }
                }))
                .hasMessageContaining("a row group says it has 4200 bytes; expected at most");
    }

    @Test
    void columnsThatCannotBeDecodedAreRefused() throws IOException {
        byte[] object = ParquetObject.of(DEFAULT, SSH);

        assertFault(withFooter(object, file -> firstChunk(file).setCodec(CompressionCodec.BROTLI)))
                .hasMessageStartingWith("column 'version' is compressed by BROTLI; expected [UNCOMPRESSED,");
        assertFault(withFooter(object, file -> file.getRow_groups()
                        .get(0)
                        .getColumns()
                        .get(1)
                        .setEncrypted_column_metadata(new byte[1])))
                .hasMessage("column 'account_id' is encrypted; expected Parquet that is not encrypted");
        assertFault(withFooter(
                        object,
                        file -> file.getRow_groups().get(0).getColumns().get(0).setFile_path("other")))
                .hasMessage("column 'version' is in another file; expected all columns in one");
    }

    @Test
    void anObjectShorterThanItWasSaidToBeIsNoFaultOfTheObject() {
        byte[] object = ParquetObject.of(DEFAULT, SSH);

        assertThatThrownBy(() -> ParquetLines.open(new InMemory(object), object.length + 5L))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ParquetFault.class)
                .hasMessage("ends after " + object.length + " of " + (object.length + 5) + " bytes");
    }

    @Test
    void rowsBeforeACorruptPageAreGiven() throws IOException {
        List<String> lines = records(3000);
        byte[] object = new ParquetObject().withRowGroupsOf(1000).write(DEFAULT, lines);
        // In the pages of the third row group, whose last bytes are some way before the footer.
        byte[] corrupt = object.clone();
        int at = (int) (object.length * 0.8);
        for (int i = at; i < at + 64; i++) {
            corrupt[i] ^= 0x55;
        }

        List<String> given = new ArrayList<>();
        assertThatThrownBy(() -> readInto(given, corrupt))
                .isInstanceOf(ParquetFault.class)
                .hasMessageMatching("corrupt Parquet after row 2\\d\\d\\d, column '[a-z_]+': .+");
        assertThat(given).hasSizeGreaterThanOrEqualTo(2000).isEqualTo(lines.subList(0, given.size()));
    }

    @Test
    void noDamageGivesMoreThanAFault() {
        Random random = new Random(42);
        for (WriterVersion version : WriterVersion.values()) {
            for (boolean dictionaries : new boolean[] {true, false}) {
                ParquetObject writer = new ParquetObject()
                        .inPagesOf(version)
                        .compressedBy(CompressionCodecName.UNCOMPRESSED)
                        .withoutChecksums();
                byte[] object = (dictionaries ? writer : writer.withoutDictionaries()).write(DEFAULT, records(300));
                for (int i = 0; i < 200; i++) {
                    byte[] damaged = object.clone();
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                    assertReadsOrFaults(damaged);
                }
            }
        }
    }

    @Test
    void manyRowsAreReadInBoundedMemory() throws IOException {
        int rows = 200_000;
        byte[] object = new ParquetObject().withRowGroupsOf(50_000).write(DEFAULT, records(rows));
        ParquetLines lines = open(object);
        long before = usedBytes();
        int given = 0;
        while (lines.advance()) {
            if (given++ % 60_000 == 0) {
                assertThat(usedBytes() - before).isLessThan(object.length + (32 << 20));
            }
        }
        assertThat(given).isEqualTo(rows);
    }

    /** What an object gives to its end. */
    private record Read(List<String> columns, List<String> lines, long storedBytes) {}

    private static Read read(byte[] object) throws IOException {
        List<String> given = new ArrayList<>();
        ParquetLines lines = open(object);
        while (lines.advance()) {
            given.add(line(lines));
        }
        return new Read(lines.columns(), given, lines.storedBytes());
    }

    private static void readInto(List<String> given, byte[] object) throws IOException {
        ParquetLines lines = open(object);
        while (lines.advance()) {
            given.add(line(lines));
        }
    }

    private static void assertReadsOrFaults(byte[] damaged) {
        try {
            read(damaged);
        } catch (IOException fault) {
            assertThat(fault).isInstanceOf(ParquetFault.class);
            assertThat(fault.getMessage()).isNotBlank().doesNotContain("\n");
        }
    }

    /** The object with another footer behind its pages. */
    private static byte[] withFooter(byte[] object, Consumer<FileMetaData> change) throws IOException {
        int length = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN).getInt(object.length - 8);
        int begin = object.length - 8 - length;
        FileMetaData file = Util.readFileMetaData(new ByteArrayInputStream(object, begin, length));
        change.accept(file);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(object, 0, begin);
        Util.writeFileMetaData(file, changed);
        int newLength = changed.size() - begin;
        changed.write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(newLength)
                .array());
        changed.write(bytes("PAR1"));
        return changed.toByteArray();
    }

    private static ColumnMetaData firstChunk(FileMetaData file) {
        return file.getRow_groups().get(0).getColumns().get(0).getMeta_data();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFault(byte[] object) {
        return assertThatThrownBy(() -> read(object)).isInstanceOf(ParquetFault.class);
    }

    private static ParquetLines open(byte[] object) throws IOException {
        return ParquetLines.open(new InMemory(object), object.length);
    }

    private static String line(ParquetLines lines) {
        return new String(lines.buffer(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
    }

    private static byte[] emptyObject(Type column) {
        return new ParquetObject().write(schema(Types.optional(INT32).named("version"), column), List.of());
    }

    private static MessageType schema(Type... columns) {
        return new MessageType("flow_log", columns);
    }

    private static List<String> records(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> i % 50 == 0 ? NO_DATA : record(random, i))
                .toList();
    }

    private static String record(Random random, int i) {
        return "2 123456789010 eni-" + Integer.toHexString(0x1000 + random.nextInt(20)) + "b8ca 10.0."
                + random.nextInt(256)
                + "." + random.nextInt(256) + " 203.0.113." + random.nextInt(256) + " " + random.nextInt(65536)
                + " 443 6 "
                + random.nextInt(1000) + " " + random.nextInt(1_000_000) + " " + (1616729292 + i / 20) + " "
                + (1616729352 + i / 20) + " " + (random.nextInt(10) == 0 ? "REJECT" : "ACCEPT") + " OK";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A stored object. */
    private static final class InMemory extends FSDataInputStream {

        private final byte[] object;
        private int position;

        InMemory(byte[] object) {
            this.object = object;
        }

        @Override
        public void seek(long to) {
            position = (int) to;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public int read() {
            return position == object.length ? -1 : object[position++] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int count = Math.min(length, object.length - position);
            if (count <= 0 && length > 0) {
                return -1;
            }
            System.arraycopy(object, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
