package io.flowsentinel.source.lines;

import io.flowsentinel.source.discovery.LogObject;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;

/** Opens the stored bytes of an object. */
public interface ObjectOpener {
    FSDataInputStream open(LogObject object) throws IOException;
}
