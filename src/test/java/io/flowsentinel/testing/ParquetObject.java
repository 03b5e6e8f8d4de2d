package io.flowsentinel.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.annotation.Nullable;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A Parquet object, written by parquet-java: by default as AWS delivers flow logs, with GZIP inside and columns of the
 * types that AWS publishes.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html">VPC flow log records</a>
 */
public final class ParquetObject {

    /** By the names of text objects. */
    private static final Set<String> INT32 =
            Set.of("version", "srcport", "dstport", "protocol", "tcp-flags", "traffic-path");

    private static final Set<String> INT64 = Set.of(
            "packets",
            "bytes",
            "start",
            "end",
            "packets-lost-no-route",
            "packets-lost-blackhole",
            "packets-lost-mtu-exceeded",
            "packets-lost-ttl-expired");

    private static final int PAGE_BYTES = 64 * 1024;

    private CompressionCodecName codec = CompressionCodecName.GZIP;
    private WriterVersion version = WriterVersion.PARQUET_1_0;
    private boolean dictionary = true;
    private boolean checksums = true;
    private boolean byteStreamSplit;
    private int rowGroup = Integer.MAX_VALUE;

    /**
     * The object that holds these lines of a text object.
     *
     * @param header names of fields, separated by blanks
     * @param lines values of the fields; a hyphen is null in a number column and a hyphen in a text column
     */
    public static byte[] of(String header, String... lines) {
        return new ParquetObject().write(header, List.of(lines));
    }

    public ParquetObject compressedBy(CompressionCodecName newCodec) {
        codec = newCodec;
        return this;
    }

    /** The version of data pages; the second has delta encodings. */
    public ParquetObject inPagesOf(WriterVersion newVersion) {
        version = newVersion;
        return this;
    }

    public ParquetObject withoutDictionaries() {
        dictionary = false;
        return this;
    }

    public ParquetObject withoutChecksums() {
        checksums = false;
        return this;
    }

    public ParquetObject withByteStreamSplit() {
        byteStreamSplit = true;
        return this;
    }

    public ParquetObject withRowGroupsOf(int rows) {
        rowGroup = rows;
        return this;
    }

    /** As {@link #of}. */
    public byte[] write(String header, List<String> lines) {
        MessageType schema = awsSchema(header);
        List<List<Object>> rows = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < fields.length; i++) {
                row.add(value(schema.getType(i).asPrimitiveType().getPrimitiveTypeName(), fields[i]));
            }
            rows.add(row);
        }
        return write(schema, rows);
    }

    /**
     * Any object.
     *
     * @param rows values in the order of the schema: null, a boxed number or boolean, a string or bytes
     */
    public byte[] write(MessageType schema, List<? extends List<?>> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new InMemory(bytes))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCompression())
                .withType(schema)
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withByteStreamSplitEncoding(byteStreamSplit)
                .withPageWriteChecksumEnabled(checksums)
                .withPageSize(PAGE_BYTES)
                .withRowGroupRowCountLimit(rowGroup)
                .build()) {
            for (List<?> row : rows) {
                writer.write(group(schema, row));
            }
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    /** The schema that AWS publishes for these fields. */
    public static MessageType awsSchema(String header) {
        Types.MessageTypeBuilder schema = Types.buildMessage();
        for (String name : header.split(" ", -1)) {
            String column = name.replace('-', '_');
            if (INT32.contains(name)) {
                schema.optional(PrimitiveTypeName.INT32).named(column);
            } else if (INT64.contains(name)) {
                schema.optional(PrimitiveTypeName.INT64).named(column);
            } else {
                schema.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column);
            }
        }
        return schema.named("flow_log");
    }

    @Nullable
    private static Object value(PrimitiveTypeName type, String field) {
        if (type == PrimitiveTypeName.BINARY) {
            return field;
        }
        if (field.equals("-")) {
            return null;
        }
        return type == PrimitiveTypeName.INT32 ? (Object) Integer.valueOf(field) : Long.valueOf(field);
    }

    private static Group group(MessageType schema, List<?> row) {
        Group group = new SimpleGroup(schema);
        for (int i = 0; i < row.size(); i++) {
            Type column = schema.getType(i);
            Object value = row.get(i);
            if (value instanceof Integer number) {
                group.add(column.getName(), number.intValue());
            } else if (value instanceof Long number) {
                group.add(column.getName(), number.longValue());
            } else if (value instanceof Float number) {
                group.add(column.getName(), number.floatValue());
            } else if (value instanceof Double number) {
                group.add(column.getName(), number.doubleValue());
            } else if (value instanceof Boolean truth) {
                group.add(column.getName(), truth.booleanValue());
            } else if (value instanceof String text) {
                group.add(column.getName(), text);
            } else if (value instanceof byte[] bytes) {
                group.add(column.getName(), Binary.fromConstantByteArray(bytes));
            } else if (value != null) {
                throw new IllegalArgumentException(column + " cannot have " + value);
            }
        }
        return group;
    }

    /** A file in memory. */
    private static final class InMemory implements OutputFile {

        private final ByteArrayOutputStream bytes;

        InMemory(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes.size();
                }

                @Override
                public void write(int one) {
                    bytes.write(one);
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                    bytes.write(from, offset, length);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
