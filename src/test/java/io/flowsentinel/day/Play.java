package io.flowsentinel.day;

import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Routes;

/**
 * What every kind of traffic needs.
 *
 * @param estate who there is
 * @param routes ways between them
 * @param dice all chance of this kind of traffic
 */
record Play(DayEstate estate, Routes routes, Dice dice) {}
