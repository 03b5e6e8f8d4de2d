/**
 * Generated traffic of everything a flow log can hold, the same for the same seed. Exchanges play packets, routes carry
 * them past interfaces until a filter stops them, and interfaces cut them into records, each by a clock of its own; so
 * what two interfaces log of one packet is as far apart, and as incomplete, as in real logs.
 */
package io.flowsentinel.traffic;
