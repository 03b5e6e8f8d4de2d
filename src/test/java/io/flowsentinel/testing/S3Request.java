package io.flowsentinel.testing;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * What a client asked S3 for.
 *
 * @param bucket empty for a request to no bucket
 * @param key of the object; for a {@link Kind#LIST} the prefix that is listed
 */
public record S3Request(Kind kind, String bucket, String key) {

    /** The requests a reader of objects makes, and all others. */
    public enum Kind {
        /** Gets an object, or a range of it. */
        GET,
        /** Asks for an object's size and time. */
        HEAD,
        /** One page of a listing. */
        LIST,
        OTHER
    }

    /** Matches each GET of an object whose key contains this. */
    public static Predicate<S3Request> get(String keyPart) {
        return any(Kind.GET, keyPart);
    }

    /** Matches each HEAD of an object whose key contains this. */
    public static Predicate<S3Request> head(String keyPart) {
        return any(Kind.HEAD, keyPart);
    }

    /** Matches each page of a listing whose prefix contains this. */
    public static Predicate<S3Request> list(String prefixPart) {
        return any(Kind.LIST, prefixPart);
    }

    /** Matches by kind and a part of the key. */
    public static Predicate<S3Request> any(Kind kind, String keyPart) {
        return request -> request.kind == kind && request.key.contains(keyPart);
    }

    /** Reads the first line of a request with the bucket in the path. */
    static S3Request parse(String requestLine) {
        String[] words = requestLine.split(" ", -1);
        URI target = URI.create("http://any" + words[1]);
        String path = target.getPath().replaceFirst("^/", "");
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        String query = target.getRawQuery() == null ? "" : target.getRawQuery();
        Kind kind = kind(words[0], key, query);
        return new S3Request(kind, bucket, kind == Kind.LIST ? parameter(query, "prefix") : key);
    }

    private static Kind kind(String method, String key, String query) {
        if (key.isEmpty()) {
            return method.equals("GET") && parameter(query, "list-type").equals("2") ? Kind.LIST : Kind.OTHER;
        }
        return switch (method) {
            case "GET" -> Kind.GET;
            case "HEAD" -> Kind.HEAD;
            default -> Kind.OTHER;
        };
    }

    private static String parameter(String query, String name) {
        return Arrays.stream(query.split("&", -1))
                .filter(parameter -> parameter.startsWith(name + "="))
                .map(parameter -> URLDecoder.decode(parameter.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }
}
