/* Screens the names of the command line, and explains the best hit of each.
 *
 *     make && ./screen lists.idx "Integrety Technolgy Group"
 */
#include <interdict.h>
#include <stdio.h>
#include <string.h>

enum { MAX_HITS = 16, MAX_TEXT = 16 * 1024 };

/* Explains why an entity is a hit. */
static int explain(interdict_screener screener, const char *name, const char *list, const char *entity_id) {
    char party[1024];
    /* A program would write JSON with a library; these names have nothing to escape. */
    int length = snprintf(party, sizeof party, "{\"name\": \"%s\"}", name);
    if (length < 0 || (size_t)length >= sizeof party) return 1;
    char *json = NULL;
    if (interdict_explain_json(screener, party, (size_t)length, list, strlen(list), entity_id, strlen(entity_id), &json,
                               NULL) != INTERDICT_OK) {
        fprintf(stderr, "explain: %s\n", interdict_last_error());
        return 1;
    }
    printf("  why: %s\n", json);
    interdict_string_free(json);
    return 0;
}

static int screen(interdict_screener screener, const char *name) {
    interdict_hit hits[MAX_HITS];
    char texts[MAX_TEXT];
    interdict_answer answer;
    interdict_status status = interdict_screen_name(screener, name, strlen(name), hits, MAX_HITS, texts, MAX_TEXT, &answer);
    if (status != INTERDICT_OK && status != INTERDICT_SHORT_BUFFER) {
        fprintf(stderr, "%s: %s\n", name, interdict_last_error());
        return 1;
    }
    printf("%s: %zu hits\n", name, answer.hits);
    for (size_t i = 0; i < answer.written; i++) {
        printf("  %.4f %s %s %s\n", hits[i].score, texts + hits[i].list.offset, texts + hits[i].entity_id.offset,
               texts + hits[i].entity_name.offset);
    }
    if (answer.written == 0) return 0;
    return explain(screener, name, texts + hits[0].list.offset, texts + hits[0].entity_id.offset);
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: screen INDEX-OR-LIST NAME...\n");
        return 2;
    }
    const char *paths[] = {arguments[1]};
    const char *settings = "{\"threshold\": {\"default\": 0.85}, \"limit\": 5}";
    interdict_screener screener;
    if (interdict_open(paths, NULL, 1, settings, strlen(settings), &screener) != INTERDICT_OK) {
        fprintf(stderr, "%s\n", interdict_last_error());
        return 1;
    }
    int failed = 0;
    for (int i = 2; i < count; i++) failed |= screen(screener, arguments[i]);
    interdict_free(screener);
    return failed;
}
