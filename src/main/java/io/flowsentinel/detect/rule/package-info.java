/**
 * One class a rule, and what only rules need: what counts for it, when its condition holds, and how that is put into words.
 *
 * <p>All of them are listed in {@link Catalogue}, where those who run rules find them.
 */
package io.flowsentinel.detect.rule;
