/**
 * Sanctions screening: finds listed people, companies, ships and aircraft under any spelling, and explains every hit.
 *
 * <p>{@link io.interdict.Screener} is the place to begin.
 */
module io.interdict {
    exports io.interdict;
}
