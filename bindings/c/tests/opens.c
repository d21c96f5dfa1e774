/* Opens and closes an index many times, with a query and an error each time: resident memory must not grow.
 *
 *     opens INDEX TIMES
 */
#include <interdict.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Resident memory in kilobytes. */
static long resident(void) {
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%*s %ld", &pages) != 1) exit(2);
    fclose(statm);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void once(const char *path) {
    interdict_screener screener;
    interdict_hit hits[4];
    char texts[1024];
    interdict_answer answer;
    char *json = NULL;
    if (interdict_open(&path, NULL, 1, "limit = 3", 9, &screener) != INTERDICT_OK ||
        interdict_screen_name(screener, "Volga Star", 10, hits, 4, texts, sizeof texts, &answer) != INTERDICT_OK ||
        answer.written != 1 || interdict_screen_json(screener, "{\"name\":\"Volga Star\"}", 21, &json, NULL) != INTERDICT_OK) {
        fprintf(stderr, "%s\n", interdict_last_error());
        exit(1);
    }
    interdict_string_free(json);
    if (interdict_screen_json(screener, "{", 1, &json, NULL) != INTERDICT_INVALID_JSON) exit(1);
    interdict_free(screener);
    if (interdict_lists_json(screener, &json, NULL) != INTERDICT_INVALID_HANDLE) exit(1);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    long times = atol(arguments[2]), warm = times / 10;
    long before = 0;
    for (long i = 0; i < times; i++) {
        if (i == warm) before = resident();
        once(arguments[1]);
    }
    long after = resident();
    printf("%ld opens: resident memory %ld kB after %ld, %ld kB in the end\n", times, before, warm, after);
    /* The allocator may keep some pages more. */
    return after - before > 1024;
}
