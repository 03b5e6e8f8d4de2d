package io.flowsentinel.source.lines;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Set;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** The compression of pages. AWS writes GZIP. */
final class ParquetCodec {

    /** The others have no library here that does them without Hadoop's, and flow logs are not written with them. */
    static final Set<CompressionCodec> KNOWN = EnumSet.of(
            CompressionCodec.UNCOMPRESSED,
            CompressionCodec.GZIP,
            CompressionCodec.SNAPPY,
            CompressionCodec.ZSTD,
            CompressionCodec.LZ4_RAW);

    private ParquetCodec() {}

    /** The decompressed bytes; they must be as many as the page says. */
    static ParquetSlice decompress(CompressionCodec codec, ParquetSlice compressed, int size) throws ParquetFault {
        if (codec == CompressionCodec.UNCOMPRESSED) {
            return compressed;
        }
        byte[] into = new byte[size];
        int count;
        try {
            count = decompress(codec, compressed, into);
        } catch (IOException | LZ4Exception corrupt) {
            throw new ParquetFault("a page is not " + codec, corrupt);
        }
        if (count != size) {
            throw new ParquetFault("a page decompresses to " + count + " bytes; expected " + size);
        }
        return new ParquetSlice(into, 0, size);
    }

    /** How many bytes there are, {@code into} being filled no further than its end. */
    private static int decompress(CompressionCodec codec, ParquetSlice from, byte[] into) throws IOException {
        return switch (codec) {
            case GZIP -> gunzip(from, into);
            case SNAPPY -> unsnap(from, into);
            case ZSTD -> unzstd(from, into);
            case LZ4_RAW -> LZ4Factory.fastestInstance()
                    .safeDecompressor()
                    .decompress(from.bytes(), from.offset(), from.length(), into, 0);
            case UNCOMPRESSED, LZO, BROTLI, LZ4 -> throw new IOException("unknown compression " + codec);
        };
    }

    private static int gunzip(ParquetSlice from, byte[] into) throws IOException {
        InputStream compressed = new ByteArrayInputStream(from.bytes(), from.offset(), from.length());
        try (GzipBytes text = new GzipBytes(new StoredBytes(compressed, from.length()))) {
            int count = 0;
            while (count < into.length) {
                int some = text.read(into, count, into.length - count);
                if (some < 0) {
                    return count;
                }
                count += some;
            }
            // To the end of the data, where the checksum is.
            return text.read(new byte[1], 0, 1) < 0 ? count : count + 1;
        }
    }

    private static int unsnap(ParquetSlice from, byte[] into) throws IOException {
        // The native code takes it on trust that there is room.
        int length = Snappy.uncompressedLength(from.bytes(), from.offset(), from.length());
        return length == into.length ? Snappy.uncompress(from.bytes(), from.offset(), from.length(), into, 0) : length;
    }

    private static int unzstd(ParquetSlice from, byte[] into) throws IOException {
        long count = Zstd.decompressByteArray(into, 0, into.length, from.bytes(), from.offset(), from.length());
        if (Zstd.isError(count)) {
            throw new IOException(Zstd.getErrorName(count));
        }
        return (int) count;
    }
}
