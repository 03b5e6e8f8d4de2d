package io.flowsentinel.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request on its way to the server and its response on the way back, a buffer at a time. The server is asked to
 * close after its response, which is how the response's end shows. Used by one thread.
 */
final class S3Exchange {

    private static final String LINE_END = "\r\n";
    private static final String HEAD_END = LINE_END + LINE_END;
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int POLL_MILLIS = 20;

    private final Socket client;
    private final InputStream fromClient;
    private final List<String> head;
    private final Socket server;
    private final SocketAddress address;
    private final CountDownLatch closed;
    private final S3Request request;

    private S3Exchange(
            Socket client,
            InputStream fromClient,
            List<String> head,
            Socket server,
            SocketAddress address,
            CountDownLatch closed) {
        this.client = client;
        this.fromClient = fromClient;
        this.head = head;
        this.server = server;
        this.address = address;
        this.closed = closed;
        this.request = S3Request.parse(head.get(0));
    }

    /**
     * Reads what the client wants; empty if it has closed the connection instead.
     *
     * @param server not yet connected
     * @param closed no delay outlasts it
     */
    static Optional<S3Exchange> begin(Socket client, Socket server, SocketAddress address, CountDownLatch closed)
            throws IOException {
        InputStream fromClient = new BufferedInputStream(client.getInputStream());
        String head = head(fromClient);
        return head.isEmpty()
                ? Optional.empty()
                : Optional.of(new S3Exchange(
                        client, fromClient, head.stripTrailing().lines().toList(), server, address, closed));
    }

    S3Request request() {
        return request;
    }

    /** The whole response as the server gives it. */
    void pass() throws IOException {
        passUpTo(Long.MAX_VALUE);
    }

    /** The response up to so many bytes of its body; tells whether it has more, which are not passed on. */
    boolean passUpTo(long bodyBytes) throws IOException {
        InputStream fromServer = askServer();
        String answer = head(fromServer);
        boolean chunked = hasNoFrame(answer);
        send(chunked ? answer.replaceFirst(HEAD_END, LINE_END + CHUNKED + HEAD_END) : answer);
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = bodyBytes;
        int count = 0;
        while (left > 0 && count >= 0) {
            count = fromServer.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count > 0) {
                sendBody(buffer, count, chunked);
                left -= count;
            }
        }
        boolean more = count >= 0 && fromServer.read() >= 0;
        if (chunked && !more) {
            send("0" + HEAD_END);
        }
        return more;
    }

    /**
     * Whether only the connection's end shows the body's, as with this server's listings: cut off they would look
     * whole. S3 sends those in chunks.
     */
    private boolean hasNoFrame(String answer) {
        return (request.kind() == S3Request.Kind.LIST || request.kind() == S3Request.Kind.GET)
                && answer.lines()
                        .noneMatch(line -> isHeader(line, "content-length") || isHeader(line, "transfer-encoding"));
    }

    private void sendBody(byte[] bytes, int count, boolean chunked) throws IOException {
        if (chunked) {
            send(Integer.toHexString(count) + LINE_END);
        }
        client.getOutputStream().write(bytes, 0, count);
        if (chunked) {
            send(LINE_END);
        }
    }

    /** An error as S3 words it; the server does not hear of the request. */
    void refuse(String status, String code, String message) throws IOException {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + message
                + "</Message><RequestId>INJECTED</RequestId><HostId>INJECTED</HostId></Error>";
        boolean withBody = request.kind() != S3Request.Kind.HEAD;
        send(String.join(
                        LINE_END,
                        "HTTP/1.1 " + status,
                        "x-amz-request-id: INJECTED",
                        "Content-Type: application/xml",
                        "Content-Length: " + (withBody ? body.length() : 0),
                        "Connection: close")
                + HEAD_END
                + (withBody ? body : ""));
    }

    void reset() throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    void end() throws IOException {
        client.close();
    }

    void awaitClientGone() throws IOException {
        server.close();
        while (fromClient.read() >= 0) {
            // Whatever the client still sends makes no difference.
        }
    }

    void delay(Duration time) throws InterruptedException {
        closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits until this latch is open. */
    void awaitOpen(CountDownLatch latch) throws InterruptedException {
        while (latch.getCount() > 0 && !closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            // Whichever comes first.
        }
    }

    private InputStream askServer() throws IOException {
        server.connect(address);
        StringBuilder asked = new StringBuilder();
        for (String line : head) {
            if (!isHeader(line, "connection") && !isHeader(line, "expect")) {
                asked.append(line).append(LINE_END);
            }
        }
        asked.append("Connection: close").append(HEAD_END);
        server.getOutputStream().write(asked.toString().getBytes(StandardCharsets.ISO_8859_1));
        passRequestBody();
        return new BufferedInputStream(server.getInputStream());
    }

    private void passRequestBody() throws IOException {
        if (header("expect").isPresent()) {
            send("HTTP/1.1 100 Continue" + HEAD_END);
        }
        long left = header("content-length").map(Long::parseLong).orElse(0L);
        byte[] buffer = new byte[BUFFER_BYTES];
        while (left > 0) {
            int count = fromClient.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("the client has left out " + left + " bytes of its request");
            }
            server.getOutputStream().write(buffer, 0, count);
            left -= count;
        }
    }

    private Optional<String> header(String name) {
        return head.stream()
                .filter(line -> isHeader(line, name))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst();
    }

    private static boolean isHeader(String line, String name) {
        return line.toLowerCase(Locale.ROOT).startsWith(name + ":");
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Up to and with the empty line; empty when nothing comes. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String head = "";
        while (!head.endsWith(HEAD_END)) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            bytes.write(next);
            if (next == '\n') {
                head = bytes.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return head;
    }
}
