/**
 * The words in which a rule and what runs it speak of subjects, of what is counted about them, and of what is found.
 *
 * <p>A rule is asked through a router, a {@link Detector} and, where rules know of each other, a {@link Court}; a {@link
 * Family} holds them together. What it is shown is a {@link Window} of {@link Pane}s, and what it says is a {@link
 * Sighting}. How panes are kept and how sightings become findings is none of its business.
 */
package io.flowsentinel.detect.judging;
