/**
 * Which objects there are: places, names and times in the layout AWS writes. Knows folders, not what is in an object.
 *
 * <h2>Design notes</h2>
 *
 * <ul>
 *   <li>Discovery goes through a range in the order of time and stops while enough objects wait, so neither memory nor
 *       event time depends on how long the range is: no slot is closed before all days up to it have been listed. A
 *       live job names the day folders it lists from the calendar; a walk from the roots, which finds what is new, has
 *       a slower beat.
 * </ul>
 */
package io.flowsentinel.source.discovery;
