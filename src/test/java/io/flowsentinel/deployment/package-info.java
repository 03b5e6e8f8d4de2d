/** Holds what operators use, image, manifests, scripts and monitoring, to the job and to the systems they are for. */
package io.flowsentinel.deployment;
