package io.flowsentinel.detect.settings;

import io.flowsentinel.model.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Addresses somebody warns of, from a text file: one address or CIDR a line, and comments that begin with {@code #}. */
public final class AddressList implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int VERSION_BYTES = 6;
    private static final int MOST_SHOWN = 80;

    private final String name;
    private final String version;
    private final PrefixSet blocks;

    private AddressList(String name, String version, PrefixSet blocks) {
        this.name = name;
        this.version = version;
        this.blocks = blocks;
    }

    /**
     * Reads a list. Its name is the file's, its version a hash of the content.
     *
     * @throws InvalidRules naming the first line that is neither an address nor a CIDR
     * @throws IOException where the file cannot be read
     */
    public static AddressList read(Path file) throws IOException {
        MessageDigest digest = sha256();
        PrefixSet blocks = new PrefixSet();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest);
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String block = withoutComment(line);
                if (!block.isEmpty()) {
                    blocks.add(parse(block, file, number));
                }
            }
        }
        blocks.trim();
        return new AddressList(
                file.getFileName().toString(), HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES), blocks);
    }

    void write(DataOutputView out) throws IOException {
        out.writeUTF(name);
        out.writeUTF(version);
        blocks.write(out);
    }

    /** What {@link #write} wrote. */
    static AddressList read(DataInputView in) throws IOException {
        return new AddressList(in.readUTF(), in.readUTF(), PrefixSet.read(in));
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    /** The smallest entry with this address; null where it is not on the list. */
    Cidr find(IpAddress address) {
        return blocks.find(address);
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private static Cidr parse(String block, Path file, long number) {
        try {
            return Cidr.parse(block);
        } catch (IllegalArgumentException e) {
            String shown = block.length() > MOST_SHOWN ? block.substring(0, MOST_SHOWN) + "..." : block;
            throw new InvalidRules(
                    file + " line " + number + ": '" + shown + "'; allowed is " + AddressBlock.ALLOWED, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
