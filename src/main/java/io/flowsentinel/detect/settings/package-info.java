/**
 * What somebody has written down: the rules file over the shipped rules, allow-lists, networks, lists of addresses.
 *
 * <p>Everything is read and checked as a whole before anything is judged by it; the first thing that cannot be is named
 * with its line. What has been read does not change: other rules are another {@link Rules}.
 */
package io.flowsentinel.detect.settings;
