package io.interdict;

import java.util.List;

/**
 * The answer to a party: its hits, and how much is not among them. {@link Screener#screenJson} shows what was cleared.
 *
 * @param hits the hits, best first
 * @param cut how many hits the limit cut
 * @param cleared how many entities have a name that reaches the threshold, and other fields that take it below
 * @param weak of how many entities only a weak alias reaches the threshold, where weak aliases are left out or have one of
 *     their own
 * @param notCompared how many values of fields are compared with nothing, because they are not understood
 */
public record Outcome(List<Hit> hits, long cut, long cleared, long weak, long notCompared) {}
