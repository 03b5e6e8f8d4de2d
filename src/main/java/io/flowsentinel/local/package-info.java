/** What a run on one machine needs beside the job. */
package io.flowsentinel.local;
