package io.flowsentinel.testing;

import static io.flowsentinel.testing.S3Request.get;
import static io.flowsentinel.testing.S3Request.head;
import static io.flowsentinel.testing.S3Request.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.S3Request.Kind;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.annotation.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault as a client sees it: mostly on a bare connection, as an HTTP client may try again by itself. */
final class S3FaultsIT {

    private static final int SIZE = 300_000;
    private static final int PATIENCE_MILLIS = 3000;
    private static final String OBJECT = "/logs/day=25/an%20object";
    private static final String KEY = "day=25/an object";
    private static final String LISTING = "/logs?list-type=2&prefix=day%3D25%2F&delimiter=%2F";
    private static final byte[] CONTENT = new byte[SIZE];

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static S3Server server;

    private S3Faults faults;

    @BeforeAll
    static void startServer() throws Exception {
        new Random(1).nextBytes(CONTENT);
        server = S3Server.start(folder);
        server.createBucket("logs");
        server.put("logs", "day%3D25/an%20object", CONTENT);
        server.put("logs", "day%3D25/another", new byte[] {1, 2, 3});
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void standBefore() throws IOException {
        faults = S3Faults.before(server);
    }

    @AfterEach
    void close() throws Exception {
        faults.close();
    }

    @Test
    void onAGoodDayEverythingGoesThroughAndIsCounted() throws Exception {
        Answer object = answer("GET", OBJECT);
        Answer size = answer("HEAD", OBJECT);
        Answer listing = answer("GET", LISTING);

        assertThat(object.status()).isEqualTo(200);
        assertThat(object.body()).isEqualTo(CONTENT);
        assertThat(size.status()).isEqualTo(200);
        assertThat(size.contentLength()).isEqualTo(SIZE);
        assertThat(size.body()).isEmpty();
        assertThat(listing.text()).contains("<Key>" + KEY + "</Key>", "<Key>day=25/another</Key>");
        assertThat(List.of(object, size, listing)).allMatch(Answer::endsInGoodOrder);
        assertThat(faults.requests())
                .containsExactly(
                        new S3Request(Kind.GET, "logs", KEY),
                        new S3Request(Kind.HEAD, "logs", KEY),
                        new S3Request(Kind.LIST, "logs", "day=25/"));
        assertThat(faults.count(Kind.LIST)).isEqualTo(1);
        assertThat(faults.gets(KEY)).isEqualTo(1);
        assertThat(faults.heads(KEY)).isEqualTo(1);
        assertThat(faults.lists("day=25/")).isEqualTo(1);
        assertThat(faults.gets("day=25/another")).isZero();
    }

    @Test
    void aWriteGoesThrough() throws Exception {
        HttpRequest put = HttpRequest.newBuilder(URI.create(faults.endpoint() + "/logs/written"))
                .expectContinue(true)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(CONTENT))
                .build();

        HttpResponse<Void> response = HTTP.send(put, HttpResponse.BodyHandlers.discarding());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer("GET", "/logs/written").body()).isEqualTo(CONTENT);
    }

    @Test
    void slowDownAndInternalErrorAreWordedAsS3WordsThem() throws Exception {
        faults.on(get("an object")).once().slowDown();
        faults.on(get("an object")).once().internalError();

        Answer first = answer("GET", OBJECT);
        Answer second = answer("GET", OBJECT);
        Answer third = answer("GET", OBJECT);

        assertThat(first.status()).isEqualTo(503);
        assertThat(first.text()).contains("<Code>SlowDown</Code>", "<Message>Please reduce your request rate.");
        assertThat(second.status()).isEqualTo(500);
        assertThat(second.text()).contains("<Code>InternalError</Code>");
        assertThat(third.body()).isEqualTo(CONTENT);
        assertThat(faults.gets(KEY)).isEqualTo(3);
    }

    @Test
    void anErrorAfterAHeadHasNoBody() throws Exception {
        faults.on(head("")).always().slowDown();

        Answer answer = answer("HEAD", OBJECT);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEmpty();
        assertThat(answer("GET", OBJECT).status()).isEqualTo(200);
    }

    @Test
    void aResetBeforeTheResponseLeavesNoByte() {
        faults.on(list("day=")).once().resetBeforeResponse();

        assertThatThrownBy(() -> answer("GET", LISTING))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void aResetComesInTheMiddleOfABody() throws Exception {
        S3FaultRule reset = faults.on(get("")).once().resetAfter(200_000);

        Answer answer = answer("GET", OBJECT);

        assertThat(answer.failure()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        assertThat(answer.body()).hasSizeLessThanOrEqualTo(200_000);
        assertThat(reset.happened()).isEqualTo(1);
    }

    @Test
    void aTruncatedBodyEndsInGoodOrderBeforeItsLength() throws Exception {
        faults.on(get("")).once().truncateBodyAfter(200_000);

        Answer answer = answer("GET", OBJECT);

        assertThat(answer.endsInGoodOrder()).isTrue();
        assertThat(answer.contentLength()).isEqualTo(SIZE);
        assertThat(answer.body()).isEqualTo(Arrays.copyOf(CONTENT, 200_000));
    }

    @Test
    void anHttpClientNoticesATruncatedBodyAndAReset() {
        faults.on(get("an object")).always().truncateBodyAfter(1000);
        faults.on(get("another")).always().resetBeforeResponse();

        assertThatThrownBy(() -> body(OBJECT)).isInstanceOf(IOException.class).hasMessageContaining("1000");
        assertThatThrownBy(() -> body("/logs/day=25/another")).isInstanceOf(IOException.class);
    }

    @Test
    void aTruncatedListingIsNotTakenForAWholeOne() throws Exception {
        faults.on(list("")).once().truncateBodyAfter(200);

        assertThatThrownBy(() -> body(LISTING)).isInstanceOf(IOException.class);
        assertThat(body(LISTING)).asString(StandardCharsets.UTF_8).endsWith("</ListBucketResult>");
    }

    @Test
    void aBodyThatIsShorterComesWhole() throws Exception {
        S3FaultRule reset = faults.on(get("")).once().resetAfter(SIZE);

        assertThat(answer("GET", OBJECT).body()).isEqualTo(CONTENT);
        assertThat(reset.happened()).isZero();
    }

    @Test
    void aStalledBodyLastsUntilTheClientGivesUp() throws Exception {
        S3FaultRule stall = faults.on(get("")).once().stallAfter(200_000);

        Answer answer = answer("GET", OBJECT);

        assertThat(answer.failure()).isInstanceOf(SocketTimeoutException.class);
        assertThat(answer.body()).isEqualTo(Arrays.copyOf(CONTENT, 200_000));
        assertThat(stall.happened()).isEqualTo(1);
    }

    @Test
    void aDelayedResponseComesWhole() throws Exception {
        faults.on(get("")).once().delay(Duration.ofMillis(200));
        long start = System.nanoTime();

        Answer answer = answer("GET", OBJECT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(answer.body()).isEqualTo(CONTENT);
    }

    @Test
    void aHeldResponseComesWholeOnceItIsReleased() throws Exception {
        S3FaultRule held = faults.on(get("an object")).always().hold();
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> answerOf("GET", OBJECT));
        assertThat(answer("GET", "/logs/day=25/another").status()).isEqualTo(200);
        assertThat(answer).isNotDone();

        held.release();

        assertThat(answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).body()).isEqualTo(CONTENT);
        assertThat(answer("GET", OBJECT).body()).isEqualTo(CONTENT);
        assertThat(held.happened()).isEqualTo(1);
    }

    @Test
    void aDeletedObjectIsGone() throws Exception {
        server.put("logs", "day%3D26/short-lived", new byte[] {1});

        server.delete("logs", "day%3D26/short-lived");

        assertThat(answer("GET", "/logs/day=26/short-lived").status()).isEqualTo(404);
    }

    @Test
    void aNumberIsForAllRequestsOrForEachKey() throws Exception {
        faults.on(get("another")).times(2).slowDown();
        assertThat(statuses("/logs/day=25/another", "/logs/day=25/another", "/logs/day=25/another"))
                .containsExactly(503, 503, 200);

        faults.reset();
        faults.on(get("")).timesEach(1).internalError();
        assertThat(statuses(OBJECT, "/logs/day=25/another", OBJECT, "/logs/day=25/another"))
                .containsExactly(500, 500, 200, 200);
        assertThat(faults.count(Kind.GET)).isEqualTo(4);
    }

    @Test
    void asManyRequestsFailAsWereAskedForWhenTheyComeAllAtOnce() {
        S3FaultRule slow = faults.on(get("")).times(10).slowDown();

        List<Integer> statuses = IntStream.range(0, 40)
                .parallel()
                .mapToObj(request -> statuses("/logs/day=25/another").get(0))
                .toList();

        assertThat(statuses).filteredOn(status -> status == 503).hasSize(10);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(30);
        assertThat(slow.happened()).isEqualTo(10);
    }

    @Test
    void closingCutsStalledAndDelayedConnectionsAndLeavesNoThread() throws Exception {
        faults.on(get("an object")).always().stallAfter(10);
        faults.on(get("another")).always().delay(Duration.ofDays(1));
        try (Socket stalled = request("GET", OBJECT);
                Socket delayed = request("GET", "/logs/day=25/another")) {
            assertThat(stalled.getInputStream().read()).isEqualTo('H');

            faults.close();

            assertThat(stalled.getInputStream().readAllBytes()).isNotEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith(
                            "s3-faults-" + URI.create(faults.endpoint()).getPort() + "-"));
            assertThat(delayed.isConnected()).isTrue();
        }
    }

    private List<Integer> statuses(String... targets) {
        return Arrays.stream(targets)
                .map(target -> answerOf("GET", target).status())
                .toList();
    }

    private Answer answerOf(String method, String target) {
        try {
            return answer(method, target);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private byte[] body(String target) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(faults.endpoint() + target))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private Socket request(String method, String target) throws IOException {
        URI endpoint = URI.create(faults.endpoint());
        Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + endpoint.getAuthority() + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private Answer answer(String method, String target) throws IOException {
        try (Socket socket = request(method, target)) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("no response");
                }
                head.write(next);
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            IOException failure = null;
            try {
                in.transferTo(body);
            } catch (IOException cut) {
                failure = cut;
            }
            return new Answer(head.toString(StandardCharsets.ISO_8859_1), body.toByteArray(), failure);
        }
    }

    private static final class Answer {

        private final String head;
        private final byte[] body;

        @Nullable
        private final IOException failure;

        /** @param failure how the body ended; null in good order */
        Answer(String head, byte[] body, @Nullable IOException failure) {
            this.head = head;
            this.body = body;
            this.failure = failure;
        }

        byte[] body() {
            return body;
        }

        @Nullable
        IOException failure() {
            return failure;
        }

        int status() {
            return Integer.parseInt(head.split(" ", 3)[1]);
        }

        long contentLength() {
            return head.lines()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToLong(line -> Long.parseLong(line.substring("Content-Length: ".length())))
                    .findFirst()
                    .orElseThrow();
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        boolean endsInGoodOrder() {
            return failure == null;
        }
    }
}
