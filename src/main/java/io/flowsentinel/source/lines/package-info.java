/**
 * An object's bytes as lines, whatever its format, read ahead by threads of their own. Knows bytes, not VPC.
 *
 * <h2>Design notes</h2>
 *
 * <ul>
 *   <li>A row of a Parquet object becomes the line it would be in a text object, so that one parser reads both and what
 *       is quarantined can be shown. Parquet-java decodes metadata, pages and values; pages are found here, since its
 *       file reader needs Hadoop, of which a cluster may have none or any version. A reader holds one row group as it is
 *       stored, which {@link io.flowsentinel.source.lines.ParquetFooter#MAX_ROW_GROUP_BYTES} bounds, and of what is
 *       decoded of it {@link io.flowsentinel.source.lines.ParquetBudget#BYTES} at a time.
 *   <li>Limit: only text is read ahead. A Parquet object of up to 1 MiB, as most are, is fetched whole by the thread that
 *       opens it; of a larger one that thread fetches the end, and each row group is fetched where its rows are decoded, by
 *       the fetcher thread, while the other objects of the reader wait.
 * </ul>
 */
package io.flowsentinel.source.lines;
