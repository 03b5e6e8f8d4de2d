/** What a user may set: every key declared once, checked once. Only the root package and the local run import it. */
package io.flowsentinel.config;
