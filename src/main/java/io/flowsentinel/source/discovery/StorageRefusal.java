package io.flowsentinel.source.discovery;

import java.util.regex.Pattern;

/**
 * Tells a refused request, which trying again does not help (no such bucket, access denied, bad credentials), from a
 * storage that has a bad moment. The client's exceptions live in a plugin's class loader, so its words have to do.
 */
public final class StorageRefusal {

    /** How the AWS SDK for Java and Flink's S3 file systems write a status of 401, 403 or 404, and no credentials. */
    private static final Pattern STATUS =
            Pattern.compile("(?:Status Code: |HTTP )40[134]\\b|Unable to load credentials");

    private static final String DENIED = "access denied";

    private StorageRefusal() {}

    public static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && (STATUS.matcher(message).find() || message.equals(DENIED))) {
                return true;
            }
        }
        return false;
    }
}
