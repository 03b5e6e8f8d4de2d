/** The nouns: what crosses from one stage of the job to the next. Imports the JDK and nothing else. */
package io.flowsentinel.model;
