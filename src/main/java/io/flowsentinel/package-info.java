/** The job as a whole: {@link io.flowsentinel.FlowLogTopology} is the diagram, the other packages are its stages. */
package io.flowsentinel;
