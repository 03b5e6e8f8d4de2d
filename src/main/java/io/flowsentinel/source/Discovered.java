package io.flowsentinel.source;

import java.time.Instant;
import java.util.List;

/**
 * What one look at the roots has found.
 *
 * @param objects all objects of the range, known ones too, in no order
 * @param strays URIs of files that are no objects
 * @param listCalls how many folders were listed
 * @param asOf when the look began: all objects published before it are in
 */
record Discovered(List<LogObject> objects, List<String> strays, long listCalls, Instant asOf) {}
