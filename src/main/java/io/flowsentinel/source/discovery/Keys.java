package io.flowsentinel.source.discovery;

import org.apache.flink.core.fs.Path;

/** The key of a path: as S3 has it, without the bucket and without slashes at its ends. */
final class Keys {

    private Keys() {}

    static String of(Path path) {
        String key = path.toUri().getPath();
        int from = key.startsWith("/") ? 1 : 0;
        int to = key.endsWith("/") && key.length() > from ? key.length() - 1 : key.length();
        return key.substring(from, to);
    }
}
