package io.flowsentinel.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages without Hadoop, by which parquet-java's own writer does it. */
final class ParquetCompression implements CompressionCodecFactory {

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput page) throws IOException {
                return BytesInput.from(compressed(codec, page.toInputStream().readAllBytes()));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {
                // Nothing is held.
            }
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("only writes");
    }

    @Override
    public void release() {
        // Nothing is held.
    }

    private static byte[] compressed(CompressionCodecName codec, byte[] page) throws IOException {
        return switch (codec) {
            case UNCOMPRESSED -> page;
            case GZIP -> gzipped(page);
            case SNAPPY -> Snappy.compress(page);
            case ZSTD -> Zstd.compress(page);
            case LZ4_RAW -> LZ4Factory.fastestInstance().fastCompressor().compress(page);
            case LZO, BROTLI, LZ4 -> throw new IllegalArgumentException(codec + " cannot be written here");
        };
    }

    private static byte[] gzipped(byte[] page) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(page);
        }
        return bytes.toByteArray();
    }
}
