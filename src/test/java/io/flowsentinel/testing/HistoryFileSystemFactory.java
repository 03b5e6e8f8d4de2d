package io.flowsentinel.testing;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Makes {@code history://} a scheme that Flink knows in tests. */
public final class HistoryFileSystemFactory implements FileSystemFactory {

    @Override
    public String getScheme() {
        return HistoryFileSystem.SCHEME;
    }

    @Override
    public FileSystem create(URI uri) {
        return new HistoryFileSystem(History.ofHost(uri.getHost()));
    }
}
