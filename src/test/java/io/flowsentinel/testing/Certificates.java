package io.flowsentinel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * An authority and the certificates it signs, made with the JDK's {@code keytool} when a test asks for them and valid for
 * two days. All files are PEM, which Kafka's clients and brokers read as they are.
 */
public final class Certificates {

    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;
    private final Path keys;

    private Certificates(Path folder) {
        this.folder = folder;
        this.keys = folder.resolve("keys.p12");
    }

    /** Makes an authority of its own below a folder, which gets its files. */
    public static Certificates below(Path folder) throws IOException, InterruptedException {
        Certificates certificates = new Certificates(Files.createDirectories(folder));
        certificates.keytool(AUTHORITY, "-dname", "CN=Authority", "-ext", "bc:c");
        return certificates;
    }

    /** The certificate of the authority: what those trust who trust all it has signed. */
    public Path authority() throws IOException {
        return write("ca.pem", pem("CERTIFICATE", encoded(chain(AUTHORITY).get(0))));
    }

    /** Key and certificates of a server at the addresses of this machine. */
    public Path server() throws IOException, InterruptedException {
        return signed("server", "CN=server", "-ext", "san=ip:127.0.0.1,dns:localhost");
    }

    /** Key and certificates of a client; the broker knows it as {@code User:CN=} and the name. */
    public Path client(String name) throws IOException, InterruptedException {
        return signed(name, "CN=" + name);
    }

    private Path signed(String alias, String subject, String... extensions) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-dname", subject, "-signer", AUTHORITY));
        options.addAll(List.of(extensions));
        keytool(alias, options.toArray(String[]::new));
        StringBuilder text = new StringBuilder();
        try {
            text.append(pem(
                    "PRIVATE KEY", store().getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key of " + alias + " cannot be read", e);
        }
        for (Certificate certificate : chain(alias)) {
            text.append(pem("CERTIFICATE", encoded(certificate)));
        }
        return write(alias + ".pem", text.toString());
    }

    private void keytool(String alias, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        CommandRun run = CommandRun.of(command, Map.of());
        if (run.exitCode() != 0) {
            throw new IOException("keytool made no key of " + alias + ": " + run.text());
        }
    }

    private List<Certificate> chain(String alias) throws IOException {
        try {
            return List.of(store().getCertificateChain(alias));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates of " + alias + " cannot be read", e);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static byte[] encoded(Certificate certificate) throws IOException {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(content) + "\n-----END " + kind + "-----\n";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
